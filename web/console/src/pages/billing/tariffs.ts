// Reading one version: the API lists versions, it has no call for a single one.
import type { Tariff } from "@karez/shared";
import { api } from "@/app/api";

export async function findTariff(tariffId: string): Promise<Tariff | null> {
  for (let pageToken = ""; ; ) {
    const answer = await api.get("/v1/tariffs", { query: { pageToken, pageSize: 1000 } });
    const found = answer.tariffs.find((tariff) => tariff.tariffId === tariffId);
    if (found || !answer.nextPageToken) return found ?? null;
    pageToken = answer.nextPageToken;
  }
}

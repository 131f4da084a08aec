// The two imports look the same; only the service that takes them differs.
import type { ImportRow, ImportRowState, Operation } from "@karez/shared";
import { api } from "@/app/api";

export type ImportKind = "devices" | "accounts";

// The header lines, as docs/api.md says.
export const kColumns: Record<ImportKind, string> = {
  devices:
    "type,number,branch_code,terminal_number,profile,diameter_mm,device_address,register_digits," +
    "terminal_kind,terminal_profile,poll_seconds",
  accounts:
    "customer_name,region,community,room,branch_code,tariff_code,number,customer_kind,phone," +
    "identity_number,building,unit,household_size,meter_number,from_m3,from_time",
};

export function getImport(kind: ImportKind, importId: string): Promise<Operation> {
  const options = { path: { importId } };
  return kind === "devices"
    ? api.get("/v1/deviceImports/{importId}", options)
    : api.get("/v1/accountImports/{importId}", options);
}

export function watchImport(
  kind: ImportKind, importId: string, signal: AbortSignal,
): AsyncGenerator<Operation> {
  const options = { path: { importId }, signal };
  return kind === "devices"
    ? api.watch("/v1/deviceImports/{importId}:watch", options)
    : api.watch("/v1/accountImports/{importId}:watch", options);
}

export async function importRows(
  kind: ImportKind, importId: string, state: ImportRowState, pageToken: string,
): Promise<{ items: ImportRow[]; nextPageToken: string }> {
  const options = { path: { importId }, query: { state, pageToken, pageSize: 100 } };
  const answer =
    kind === "devices"
      ? await api.get("/v1/deviceImports/{importId}/rows", options)
      : await api.get("/v1/accountImports/{importId}/rows", options);
  return { items: answer.rows, nextPageToken: answer.nextPageToken };
}

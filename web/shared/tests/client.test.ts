import { beforeEach, describe, expect, it } from "vitest";
import { ApiClient, Problem } from "../src";
import { events, type ServerEvent } from "../src/api/events";

class MemoryStorage {
  private readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.items.set(key, value);
  removeItem = (key: string) => void this.items.delete(key);
}

interface Call {
  url: string;
  token: string | null;
  body: string;
}

let calls: Call[];
let signedOut: number;
let storage: MemoryStorage;

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

function client(answer: (call: Call) => Response | Promise<Response>): ApiClient {
  return new ApiClient({
    storage,
    onSignedOut: () => void ++signedOut,
    fetch: async (input, init) => {
      const call = {
        url: String(input),
        token: new Headers(init?.headers).get("Authorization"),
        body: String(init?.body ?? ""),
      };
      calls.push(call);
      return answer(call);
    },
  });
}

const kSession = { staffName: "a", permissions: [] };
const kSignedIn = { accessToken: "first", refreshToken: "r1", session: kSession };
const kRefreshed = { accessToken: "second", refreshToken: "r2", session: kSession };

beforeEach(() => {
  calls = [];
  signedOut = 0;
  storage = new MemoryStorage();
});

describe("ApiClient", () => {
  it("refreshes once for calls that fail together, and repeats each", async () => {
    const api = client(({ url, token }) => {
      if (url === "/v1/auth:signIn") return json(200, kSignedIn);
      if (url === "/v1/auth:refresh") return json(200, kRefreshed);
      return token === "Bearer second" ? json(200, { branches: [] }) : json(401, {});
    });
    await api.signIn("shule", "a", "p");
    await Promise.all([api.get("/v1/branches"), api.get("/v1/branches"), api.get("/v1/branches")]);
    expect(calls.filter((call) => call.url === "/v1/auth:refresh")).toHaveLength(1);
    expect(storage.getItem("karez.refresh")).toBe("r2");
    expect(signedOut).toBe(0);
  });

  it("ends the session when the refresh token is refused", async () => {
    const api = client(({ url }) =>
      url === "/v1/auth:signIn" ? json(200, kSignedIn) : json(401, { reason: "TOKEN_EXPIRED" }),
    );
    await api.signIn("shule", "a", "p");
    await expect(api.get("/v1/branches")).rejects.toMatchObject({ status: 401 });
    expect(signedOut).toBe(1);
    expect(storage.getItem("karez.refresh")).toBeNull();
  });

  it("keeps the session when the refresh cannot be asked", async () => {
    storage.setItem("karez.refresh", "r1");
    const api = client(() => Promise.reject(new TypeError("offline")));
    await expect(api.resume()).rejects.toMatchObject({ reason: "NETWORK", uncertain: true });
    expect(storage.getItem("karez.refresh")).toBe("r1");
  });

  it("turns problem details into a Problem with all violations", async () => {
    const api = client(() =>
      json(400, {
        reason: "INVALID_FIELDS", detail: "amount_fen must be above 0", traceId: "4bf9",
        violations: [{ field: "amountFen", description: "must be above 0" }],
      }),
    );
    const failure = await api.post("/v1/payments", { body: { requestId: "" } }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Problem);
    expect(failure).toMatchObject({
      status: 400, reason: "INVALID_FIELDS", traceId: "4bf9", uncertain: false,
      violations: [{ field: "amountFen", description: "must be above 0" }],
    });
  });

  it("names an answer that is not problem details by its status", async () => {
    const api = client(() => new Response("<html>", { status: 502 }));
    await expect(api.get("/v1/branches")).rejects.toMatchObject({ reason: "HTTP_502" });
  });

  it("fills the path and leaves empty filters out of the query", async () => {
    const api = client(() => json(200, { bills: [] }));
    await api.get("/v1/bills", { query: { accountId: "a/b", month: "", openOnly: false } });
    await api.get("/v1/bills/{billId}", { path: { billId: "x/y" } });
    expect(calls.map((call) => call.url)).toEqual(["/v1/bills?accountId=a%2Fb", "/v1/bills/x%2Fy"]);
  });
});

describe("watch", () => {
  const run = (api: ApiClient) => api.watch("/v1/billRuns/{billRunId}:watch", { path: { billRunId: "1" } });

  it("yields messages until the server ends the stream", async () => {
    const text = ': hello\n\ndata: {"month":"2026-10"}\n\nevent: end\ndata: {}\n\ndata: {}\n\n';
    const months: string[] = [];
    for await (const value of run(client(() => new Response(text)))) months.push(value.month);
    expect(months).toEqual(["2026-10"]);
    expect(calls[0]!.url).toBe("/v1/billRuns/1:watch");
  });

  it("throws what the server says went wrong in the middle", async () => {
    const text = 'event: error\ndata: {"status":503,"reason":"CIRCUIT_OPEN"}\n\n';
    const next = run(client(() => new Response(text))).next();
    await expect(next).rejects.toMatchObject({ status: 503, reason: "CIRCUIT_OPEN" });
  });
});

describe("events", () => {
  it("joins chunks, skips comments and keeps multi-line data", async () => {
    const chunks = [": hi\n\ndata: {\"a\"", ":1}\r\n\r", "\nevent: x\ndata:one\ndata: two\n\n", "data: lost"];
    const bytes = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    });
    const seen: ServerEvent[] = [];
    for await (const event of events(bytes)) seen.push(event);
    expect(seen).toEqual([
      { name: "message", data: '{"a":1}' },
      { name: "x", data: "one\ntwo" },
    ]);
  });
});

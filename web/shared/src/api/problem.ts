// RFC 9457 problem details as the gateway sends them, and failures that never reached it.

export interface Violation {
  // Path in the request, e.g. "definition.components[0].code".
  field: string;
  description: string;
}

export class Problem extends Error {
  constructor(
    // HTTP status; 0 when there was no answer.
    readonly status: number,
    // Stable UPPER_SNAKE reason; NETWORK when there was no answer.
    readonly reason: string,
    // What is wrong, in the server's words.
    readonly detail: string,
    // What to do, in the server's words.
    readonly action = "",
    readonly violations: readonly Violation[] = [],
    readonly metadata: Readonly<Record<string, string>> = {},
    readonly traceId = "",
    // Seconds to wait before the next try; 0 when the server does not say.
    readonly retryAfterSeconds = 0,
  ) {
    super(detail || reason);
    this.name = "Problem";
  }

  // The effect of a change is unknown: it may be repeated, with the same request id only.
  get uncertain(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function violationsOf(value: unknown): Violation[] {
  if (!Array.isArray(value)) return [];
  return value.map((item: { field?: unknown; description?: unknown }) => ({
    field: text(item?.field),
    description: text(item?.description),
  }));
}

export async function problemOf(response: Response): Promise<Problem> {
  const body: Record<string, unknown> = await response.json().catch(() => ({}));
  const { status, statusText, headers } = response;
  return problemFrom(body, status, statusText, Number(headers.get("Retry-After")) || 0);
}

// Problem details as JSON; `status` and what follows it stand in for what they leave out.
export function problemFrom(
  body: Record<string, unknown>, status = Number(body.status) || 500, statusText = "",
  retryAfterSeconds = 0,
): Problem {
  const metadata = typeof body.metadata === "object" && body.metadata ? body.metadata : {};
  return new Problem(
    status,
    text(body.reason) || `HTTP_${status}`,
    text(body.detail) || text(body.title) || statusText,
    text(body.action),
    violationsOf(body.violations),
    metadata as Record<string, string>,
    text(body.traceId),
    retryAfterSeconds,
  );
}

// Anything thrown on the way of a call, as a Problem.
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, "NETWORK", error instanceof Error ? error.message : String(error));
}

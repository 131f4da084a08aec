// The one way to call the API: typed by the paths of openapi.json, with the bearer token, one
// refresh on 401 and every failure as a Problem.
import type { paths } from "./schema";
import { events } from "./events";
import { asProblem, Problem, problemFrom, problemOf } from "./problem";
import { TokenStore } from "./session";
import type { Session, SignInResponse } from "./types";

type Verb = "get" | "post" | "put";
type PathsWith<V extends Verb> = {
  [P in keyof paths]: paths[P][V] extends object ? P : never;
}[keyof paths];
type JsonOf<T> = T extends { content: { "application/json": infer Body } } ? Body : never;
type StreamOf<T> = T extends { content: { "text/event-stream": infer Body } } ? Body : never;
type Ok<Op> = Op extends { responses: { 200: infer Answer } } ? Answer : never;
type Param<Op, Place extends "path" | "query"> = Op extends { parameters: infer All }
  ? Place extends keyof All
    ? NonNullable<All[Place]>
    : never
  : never;
type Body<Op> = Op extends { requestBody?: infer B } ? JsonOf<NonNullable<B>> : never;

type Options<Op> = ([Param<Op, "path">] extends [never] ? object : { path: Param<Op, "path"> }) &
  ([Param<Op, "query">] extends [never] ? object : { query?: Param<Op, "query"> }) &
  ([Body<Op>] extends [never] ? object : { body: Body<Op> }) & { signal?: AbortSignal };
type Arguments<Op> = object extends Options<Op> ? [Options<Op>?] : [Options<Op>];

interface RawOptions {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  signal?: AbortSignal;
}

function urlOf(template: string, options: RawOptions): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(options.path?.[name] ?? ""),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== "" && value !== false) query.set(name, String(value));
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

export interface ClientOptions {
  // "" for the origin of the page.
  baseUrl?: string;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  // Called when the session is over and cannot be refreshed.
  onSignedOut: () => void;
  fetch?: typeof fetch;
}

export class ApiClient {
  private readonly tokens: TokenStore;
  private readonly fetch: typeof fetch;

  constructor(private readonly options: ClientOptions) {
    this.fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.tokens = new TokenStore(options.storage, (token) => this.exchange(token));
  }

  get<P extends PathsWith<"get">>(
    path: P,
    ...[options]: Arguments<paths[P]["get"]>
  ): Promise<JsonOf<Ok<paths[P]["get"]>>> {
    return this.call("GET", path, options);
  }

  post<P extends PathsWith<"post">>(
    path: P,
    ...[options]: Arguments<paths[P]["post"]>
  ): Promise<JsonOf<Ok<paths[P]["post"]>>> {
    return this.call("POST", path, options);
  }

  put<P extends PathsWith<"put">>(
    path: P,
    ...[options]: Arguments<paths[P]["put"]>
  ): Promise<JsonOf<Ok<paths[P]["put"]>>> {
    return this.call("PUT", path, options);
  }

  // Each message of a server stream, until the server ends it. A stream that breaks just ends too:
  // ask for the current state.
  async *watch<P extends PathsWith<"get">>(
    path: P,
    ...[options]: Arguments<paths[P]["get"]>
  ): AsyncGenerator<StreamOf<Ok<paths[P]["get"]>>> {
    const response = await this.send("GET", path, options ?? {}, "text/event-stream");
    if (!response.body) return;
    try {
      for await (const event of events(response.body)) {
        if (event.name === "end") return;
        if (event.name === "error") throw problemFrom(JSON.parse(event.data));
        yield JSON.parse(event.data);
      }
    } catch (error) {
      throw asProblem(error);
    }
  }

  async signIn(tenantCode: string, staffName: string, password: string): Promise<Session> {
    const body = { tenantCode, staffName, password };
    const answer: SignInResponse = await this.anonymous("/v1/auth:signIn", body);
    this.tokens.keep(answer);
    return answer.session!;
  }

  // The session kept by an earlier page of this tab; null when there is none.
  async resume(): Promise<Session | null> {
    return this.tokens.hasRefresh ? this.tokens.refresh() : null;
  }

  // The session ends here even when the server cannot be told.
  async signOut(): Promise<void> {
    try {
      await this.post("/v1/auth:signOut", { body: {} });
    } finally {
      this.tokens.clear();
    }
  }

  private async call<T>(verb: string, path: string, options: RawOptions = {}): Promise<T> {
    const response = await this.send(verb, path, options, "application/json");
    try {
      return await response.json();
    } catch (error) {
      throw asProblem(error);
    }
  }

  private async send(
    verb: string, path: string, options: RawOptions, accept: string,
  ): Promise<Response> {
    const url = urlOf(path, options);
    let response = await this.fetchWithToken(verb, url, options, accept);
    if (response.status === 401 && (await this.tokens.refresh())) {
      response = await this.fetchWithToken(verb, url, options, accept);
    }
    if (response.ok) return response;
    if (response.status === 401) {
      const problem = await problemOf(response);
      // A wrong old password is a 401 too, with the session alive and well.
      if (problem.reason !== "INVALID_CREDENTIALS") {
        this.tokens.clear();
        this.options.onSignedOut();
      }
      throw problem;
    }
    throw await problemOf(response);
  }

  private async fetchWithToken(
    verb: string, url: string, options: RawOptions, accept: string,
  ): Promise<Response> {
    const headers: Record<string, string> = { Accept: accept };
    if (this.tokens.access) headers.Authorization = `Bearer ${this.tokens.access}`;
    if (options.body !== undefined) headers["Content-Type"] = "application/json";
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    try {
      return await this.fetch((this.options.baseUrl ?? "") + url, {
        method: verb, headers, body, signal: options.signal, cache: "no-store",
        credentials: "omit",
      });
    } catch (error) {
      throw asProblem(error);
    }
  }

  private async anonymous<T>(url: string, body: unknown): Promise<T> {
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await this.fetch((this.options.baseUrl ?? "") + url, request).catch(
      (error: unknown) => Promise.reject(asProblem(error)),
    );
    if (!response.ok) throw await problemOf(response);
    return response.json();
  }

  private async exchange(refreshToken: string): Promise<SignInResponse | null> {
    try {
      return await this.anonymous("/v1/auth:refresh", { refreshToken });
    } catch (error) {
      if (error instanceof Problem && (error.status === 401 || error.status === 400)) return null;
      throw error;
    }
  }
}

// The tokens of the signed-in person. The access token lives in memory only; the refresh token in
// sessionStorage, so that a reload keeps the session and closing the tab ends it here.
import type { Session, SignInResponse } from "./types";

const kRefreshTokenKey = "karez.refresh";

export class TokenStore {
  private accessToken = "";
  private refreshing: Promise<Session | null> | null = null;

  constructor(
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
    // Exchanges a refresh token; null when the server refuses it, throws when it cannot be asked.
    private readonly exchange: (refreshToken: string) => Promise<SignInResponse | null>,
  ) {}

  get access(): string {
    return this.accessToken;
  }

  get hasRefresh(): boolean {
    return this.storage.getItem(kRefreshTokenKey) !== null;
  }

  keep(answer: SignInResponse): void {
    this.accessToken = answer.accessToken;
    this.storage.setItem(kRefreshTokenKey, answer.refreshToken);
  }

  clear(): void {
    this.accessToken = "";
    this.storage.removeItem(kRefreshTokenKey);
  }

  // One exchange at a time: a refresh token works once, and a second use ends the session.
  refresh(): Promise<Session | null> {
    this.refreshing ??= this.exchangeOnce().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  private async exchangeOnce(): Promise<Session | null> {
    const token = this.storage.getItem(kRefreshTokenKey);
    if (!token) return null;
    const answer = await this.exchange(token);
    if (!answer) {
      this.clear();
      return null;
    }
    this.keep(answer);
    return answer.session ?? null;
  }
}

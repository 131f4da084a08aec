// The API client of this page. What happens when the session ends is set by the router.
import { ApiClient } from "@karez/shared";

let signedOut: () => void = () => undefined;

export function onSignedOut(handler: () => void): void {
  signedOut = handler;
}

export const api = new ApiClient({ storage: sessionStorage, onSignedOut: () => signedOut() });

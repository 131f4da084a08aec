// Long work that a page follows live: the stream as long as it holds, asking again where it breaks.
import { asProblem, type Operation } from "@karez/shared";
import { onScopeDispose, shallowRef, type ShallowRef } from "vue";

const kRetryMs = 1_000;

export function isOver(operation: Operation | undefined): boolean {
  const state = operation?.state;
  return state === "STATE_SUCCEEDED" || state === "STATE_FAILED" || state === "STATE_CANCELLED";
}

// `over` says when there is nothing more to come. A new call of `follow` ends the one before.
export function useWatch<T>(options: {
  stream: (id: string, signal: AbortSignal) => AsyncGenerator<T>;
  get: (id: string) => Promise<T>;
  over: (value: T) => boolean;
  onValue?: (value: T) => void;
}): { value: ShallowRef<T | null>; follow: (id: string) => Promise<void>; stop: () => void } {
  const value = shallowRef<T | null>(null);
  let control = new AbortController();

  function take(next: T): boolean {
    value.value = next;
    options.onValue?.(next);
    return options.over(next);
  }

  async function follow(id: string): Promise<void> {
    stop();
    const { signal } = (control = new AbortController());
    while (!signal.aborted) {
      try {
        for await (const next of options.stream(id, signal)) {
          if (signal.aborted || take(next)) return;
        }
        const last = await options.get(id);
        if (signal.aborted || take(last)) return;
      } catch (error) {
        // Refused for good; anything else is asked again, and what was shown stays.
        const { status } = asProblem(error);
        if (status >= 400 && status < 500 && status !== 429) return;
      }
      if (!signal.aborted) await new Promise((done) => setTimeout(done, kRetryMs));
    }
  }

  function stop(): void {
    control.abort();
  }
  onScopeDispose(stop);
  return { value, follow, stop };
}

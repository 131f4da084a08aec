// A change of the person at the screen: one at a time, with one request id until its fate is known,
// so that a repeated press or a lost answer never does it twice.
import { asProblem, newRequestId, type Problem } from "@karez/shared";
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from "vue";

export interface Action<Args extends unknown[], T> {
  busy: Ref<boolean>;
  problem: ShallowRef<Problem | null>;
  // Undefined when it was refused (see problem) or is under way already.
  run: (...args: Args) => Promise<T | undefined>;
  // The violation of a field of the request, for the form item; "" for none.
  fieldError: (field: string) => string;
  // Whether `fieldError` was asked for this field: its violation is on screen.
  placed: (field: string) => boolean;
  // Forgets the last attempt: a dialog that opens anew.
  reset: () => void;
  failed: ComputedRef<boolean>;
}

export function useAction<Args extends unknown[], T>(
  work: (requestId: string, ...args: Args) => Promise<T>,
): Action<Args, T> {
  const busy = ref(false);
  const problem = shallowRef<Problem | null>(null);
  let requestId = newRequestId();

  async function run(...args: Args): Promise<T | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    problem.value = null;
    try {
      const answer = await work(requestId, ...args);
      requestId = newRequestId();
      return answer;
    } catch (error) {
      problem.value = asProblem(error);
      return undefined;
    } finally {
      busy.value = false;
    }
  }

  function reset(): void {
    problem.value = null;
    requestId = newRequestId();
  }

  const asked = new Set<string>();

  function fieldError(field: string): string {
    asked.add(field);
    return problem.value?.violations.find((item) => item.field === field)?.description ?? "";
  }

  function placed(field: string): boolean {
    return asked.has(field);
  }

  const failed = computed(() => problem.value !== null);
  return { busy, problem, run, fieldError, placed, reset, failed };
}

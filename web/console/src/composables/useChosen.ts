// The thing a page follows: its newest state, in the list and beside it.
import { computed, ref, type ComputedRef, type Ref, type ShallowRef } from "vue";

export function useChosen<T>(
  list: ShallowRef<T[] | null>,
  keyOf: (item: T) => string,
): { chosenKey: Ref<string>; chosen: ComputedRef<T | null>; put: (item: T) => void } {
  const chosenKey = ref("");
  const chosen = computed(
    () => list.value?.find((item) => keyOf(item) === chosenKey.value) ?? null,
  );

  // Replaces the item of its key, or puts a new one first.
  function put(item: T): void {
    const items = list.value ?? [];
    const known = items.some((old) => keyOf(old) === keyOf(item));
    list.value = known
      ? items.map((old) => (keyOf(old) === keyOf(item) ? item : old))
      : [item, ...items];
  }
  return { chosenKey, chosen, put };
}

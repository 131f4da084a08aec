// Reading from the API for a page: the state that every page shows in the same way.
import { asProblem, type Problem } from "@karez/shared";
import { ref, shallowRef, type Ref, type ShallowRef } from "vue";

export interface Load<T> {
  data: ShallowRef<T | null>;
  loading: Ref<boolean>;
  problem: ShallowRef<Problem | null>;
  reload: () => Promise<void>;
}

// Runs `read` at once unless `lazy`. Answers that arrive after a newer call are dropped; a reload
// keeps showing the old data until the new is there.
export function useLoad<T>(read: () => Promise<T>, lazy = false): Load<T> {
  const data = shallowRef<T | null>(null);
  const loading = ref(false);
  const problem = shallowRef<Problem | null>(null);
  let newest = 0;

  async function reload(): Promise<void> {
    const mine = ++newest;
    loading.value = true;
    try {
      const answer = await read();
      if (mine !== newest) return;
      data.value = answer;
      problem.value = null;
    } catch (error) {
      if (mine === newest) problem.value = asProblem(error);
    } finally {
      if (mine === newest) loading.value = false;
    }
  }

  if (!lazy) void reload();
  return { data, loading, problem, reload };
}

export interface Pages<T> extends Load<T[]> {
  more: Ref<boolean>;
  loadMore: () => Promise<void>;
}

// A list by pages: `read` gets the token of the page, "" for the first.
export function usePages<T>(
  read: (pageToken: string) => Promise<{ items: T[]; nextPageToken: string }>,
  lazy = false,
): Pages<T> {
  let next = "";
  const more = ref(false);

  async function page(token: string, before: T[]): Promise<T[]> {
    const answer = await read(token);
    next = answer.nextPageToken;
    more.value = next !== "";
    return [...before, ...answer.items];
  }

  const first = useLoad(() => page("", []), lazy);
  const loading = first.loading;

  async function loadMore(): Promise<void> {
    if (loading.value || !next) return;
    loading.value = true;
    try {
      first.data.value = await page(next, first.data.value ?? []);
    } catch (error) {
      first.problem.value = asProblem(error);
    } finally {
      loading.value = false;
    }
  }
  return { ...first, more, loadMore };
}

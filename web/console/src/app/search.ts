// The one search box of the header and what it found. Kept here so that Esc leads back to the list
// as it was; never in the address line, because a query is personal data.
import { asProblem, type Problem, type SearchHit } from "@karez/shared";
import { computed, ref, shallowRef } from "vue";
import { api } from "./api";

export const kQueryLengthMin = 2;
const kLimit = 20;

export const query = ref("");
export const hits = shallowRef<SearchHit[] | null>(null);
export const hasMore = ref(false);
export const searching = ref(false);
export const searchProblem = shallowRef<Problem | null>(null);
export const activeIndex = ref(0);
const searchedQuery = ref("");

// Whether the list on screen answers what stands in the box.
export const isCurrent = computed(
  () => hits.value !== null && searchedQuery.value === query.value.trim(),
);
export const activeHit = computed(() => hits.value?.[activeIndex.value] ?? null);

let newest = 0;

// The hits; null when the search failed or a newer one overtook it.
export async function search(): Promise<SearchHit[] | null> {
  const text = query.value.trim();
  const mine = ++newest;
  searching.value = true;
  try {
    const answer = await api.post("/v1/accounts:search", { body: { query: text, limit: kLimit } });
    if (mine !== newest) return null;
    hits.value = answer.hits;
    hasMore.value = answer.more;
    searchedQuery.value = text;
    searchProblem.value = null;
    activeIndex.value = 0;
    return answer.hits;
  } catch (error) {
    if (mine === newest) searchProblem.value = asProblem(error);
    return null;
  } finally {
    if (mine === newest) searching.value = false;
  }
}

export function moveActive(step: number): void {
  const count = hits.value?.length ?? 0;
  if (count > 0) activeIndex.value = (activeIndex.value + step + count) % count;
}

export function clearSearch(): void {
  ++newest;
  query.value = "";
  hits.value = null;
  hasMore.value = false;
  searching.value = false;
  searchProblem.value = null;
}

// The header's input, for those who hand the focus back to it.
export const searchInput = shallowRef<HTMLInputElement | null>(null);

export function focusSearch(): void {
  searchInput.value?.focus();
  searchInput.value?.select();
}

// Who is signed in, and what he may do.
import type { Branch, Session } from "@karez/shared";
import { computed, shallowRef } from "vue";
import { api } from "./api";
import { clearSearch } from "./search";

const session = shallowRef<Session | null>(null);
const branches = shallowRef<Branch[]>([]);

export const currentSession = computed(() => session.value);
export const currentBranches = computed(() => branches.value);
// Business dates and times are shown in the utility's zone.
export const zone = computed(() => session.value?.zone || "Asia/Shanghai");

// Branches the person works in, for the header; empty means all.
export const ownBranches = computed(() =>
  session.value?.allBranches
    ? []
    : branches.value.filter((branch) => session.value?.branchIds.includes(branch.branchId)),
);

export function may(permission: string): boolean {
  return session.value?.permissions.includes(permission) ?? false;
}

export async function loadBranches(): Promise<void> {
  branches.value = (await api.get("/v1/branches")).branches;
}

async function begin(next: Session | null): Promise<void> {
  session.value = next;
  // The header and branch columns live without names when the list cannot be read now.
  if (next) await loadBranches().catch(() => undefined);
}

export async function signIn(tenant: string, name: string, password: string): Promise<void> {
  await begin(await api.signIn(tenant, name, password));
}

export async function resume(): Promise<void> {
  await begin(await api.resume());
}

export async function signOut(): Promise<void> {
  await api.signOut().catch(() => undefined);
  forget();
}

export function forget(): void {
  session.value = null;
  branches.value = [];
  clearSearch();
}

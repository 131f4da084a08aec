import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";
import { onSignedOut } from "./api";
import { i18n } from "./i18n";
import { kMenu } from "./menu";
import { currentSession, forget, may, resume } from "./session";

declare module "vue-router" {
  interface RouteMeta {
    // Any of these permissions; none: every signed-in person.
    permissions?: string[];
    // The menu item that is lit.
    menu?: string;
    anonymous?: boolean;
  }
}

function page(
  path: string, name: string, menu: string, component: RouteRecordRaw["component"],
  permissions?: string[],
): RouteRecordRaw {
  const item = kMenu.flatMap((group) => group.items).find((candidate) => candidate.name === menu);
  const meta = { menu, permissions: permissions ?? item?.permissions };
  return { path, name, component: component!, meta, props: true };
}

const routes: RouteRecordRaw[] = [
  {
    path: "/sign-in",
    name: "signIn",
    component: () => import("@/pages/SignInPage.vue"),
    meta: { anonymous: true },
  },
  {
    path: "/",
    component: () => import("@/components/AppLayout.vue"),
    children: [
      { path: "", name: "home", redirect: () => ({ name: firstAllowed() }) },
      page("desk", "desk", "desk", () => import("@/pages/desk/DeskPage.vue")),
      page("accounts/:accountId", "account", "desk", () => import("@/pages/desk/AccountPage.vue")),
      page("payments", "payments", "payments", () => import("@/pages/billing/PaymentsPage.vue")),
      page("payments/:paymentId", "payment", "payments",
        () => import("@/pages/billing/PaymentPage.vue")),
      page("bill-runs", "billRuns", "billRuns", () => import("@/pages/billing/BillRunsPage.vue")),
      page("reviews", "reviews", "reviews", () => import("@/pages/billing/ReviewsPage.vue")),
      page("tariffs", "tariffs", "tariffs", () => import("@/pages/billing/TariffsPage.vue")),
      page("tariffs/new", "newTariff", "tariffs",
        () => import("@/pages/billing/NewTariffPage.vue"), ["billing.tariff.publish"]),
      page("tariffs/:tariffId", "tariff", "tariffs",
        () => import("@/pages/billing/TariffPage.vue")),
      page("meters", "meters", "meters", () => import("@/pages/metering/MetersPage.vue")),
      page("meters/:meterId", "meter", "meters", () => import("@/pages/metering/MeterPage.vue")),
      page("settlements", "settlements", "settlements",
        () => import("@/pages/metering/SettlementsPage.vue")),
      page("frames", "frames", "frames", () => import("@/pages/metering/FramesPage.vue")),
      page("decode", "decode", "decode", () => import("@/pages/metering/DecodePage.vue")),
      page("imports/:kind(devices|accounts)?/:importId?", "imports", "imports",
        () => import("@/pages/admin/ImportsPage.vue")),
      page("staff", "staff", "staff", () => import("@/pages/admin/StaffPage.vue")),
      page("roles", "roles", "roles", () => import("@/pages/admin/RolesPage.vue")),
      page("branches", "branches", "branches", () => import("@/pages/admin/BranchesPage.vue")),
      page("audit", "audit", "audit", () => import("@/pages/admin/AuditPage.vue")),
      page("tenants", "tenants", "tenants", () => import("@/pages/admin/TenantsPage.vue")),
      { path: ":rest(.*)*", name: "notFound", component: () => import("@/pages/NotFoundPage.vue") },
    ],
  },
];

function firstAllowed(): string {
  const items = kMenu.flatMap((group) => group.items);
  return items.find((item) => item.permissions.some(may))?.name ?? "notFound";
}

export const router = createRouter({ history: createWebHistory(), routes });

let resumed: Promise<void> | null = null;

router.beforeEach(async (to) => {
  // A session kept by this tab; when the server cannot be asked, signing in says so.
  resumed ??= resume().catch(() => undefined);
  await resumed;
  if (to.meta.anonymous) return true;
  if (!currentSession.value) return { name: "signIn", query: { from: to.fullPath } };
  const permissions = to.meta.permissions;
  if (permissions && !permissions.some(may)) {
    return { name: "notFound", params: { rest: to.path.slice(1).split("/") }, replace: true };
  }
  return true;
});

router.afterEach((to) => {
  const { t, te } = i18n.global;
  const key = `menu.${to.meta.menu}`;
  document.title = to.meta.menu && te(key) ? `${t(key)} · Karez` : "Karez";
});

onSignedOut(() => {
  forget();
  const from = router.currentRoute.value;
  if (from.meta.anonymous) return;
  void router.push({ name: "signIn", query: { from: from.fullPath, ended: "1" } });
});

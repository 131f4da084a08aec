// The left menu: what a person may open. The router asks the same permissions.
export interface MenuItem {
  // Route name and message key `menu.<name>`.
  name: string;
  // Any of these suffices.
  permissions: string[];
}

export const kMenu: { group: string; items: MenuItem[] }[] = [
  { group: "desk", items: [{ name: "desk", permissions: ["accounts.account.read"] }] },
  {
    group: "billing",
    items: [
      { name: "billRuns", permissions: ["billing.run.read"] },
      { name: "reviews", permissions: ["billing.run.read"] },
      { name: "payments", permissions: ["billing.payment.read"] },
      { name: "tariffs", permissions: ["billing.tariff.read"] },
    ],
  },
  {
    group: "metering",
    items: [
      { name: "meters", permissions: ["metering.meter.read"] },
      { name: "settlements", permissions: ["metering.settlement.read"] },
      { name: "frames", permissions: ["metering.frame.read"] },
      { name: "decode", permissions: ["metering.frame.read"] },
    ],
  },
  {
    group: "admin",
    items: [
      { name: "imports", permissions: ["metering.meter.import", "accounts.account.import"] },
      { name: "staff", permissions: ["identity.staff.read"] },
      { name: "roles", permissions: ["identity.role.read"] },
      { name: "branches", permissions: ["identity.branch.create"] },
      { name: "audit", permissions: ["identity.audit.read"] },
      { name: "tenants", permissions: ["platform.tenant.read"] },
    ],
  },
];

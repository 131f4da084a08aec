// Signing in, looking up what the demo data holds, and watching the page for faults.
import { join } from "node:path";
import { test as base, expect, type APIRequestContext, type Page } from "@playwright/test";

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: it says as whom the browser tests sign in`);
  return value;
}

export const kTenant = setting("KAREZ_E2E_TENANT");
export const kUser = setting("KAREZ_E2E_USER");
export const kPassword = setting("KAREZ_E2E_PASSWORD");

// Where a picture to look at is put.
export function screen(name: string): string {
  return join(base.info().project.outputDir, "screens", name);
}

export async function signIn(page: Page): Promise<void> {
  await page.getByLabel("公司代码").fill(kTenant);
  await page.getByLabel("工号").fill(kUser);
  await page.getByLabel("密码").fill(kPassword);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("navigation", { name: "主菜单" })).toBeAttached();
}

interface Api {
  get: <T>(path: string) => Promise<T>;
}

export interface Owing {
  accountId: string;
  accountNumber: string;
}

async function signedInApi(request: APIRequestContext): Promise<Api> {
  const data = { tenantCode: kTenant, staffName: kUser, password: kPassword };
  const answer = await request.post("/v1/auth:signIn", { data });
  expect(answer.status()).toBe(200);
  const { accessToken } = await answer.json();
  const headers = { Authorization: `Bearer ${accessToken}` };
  return {
    get: async (path) => {
      const response = await request.get(path, { headers });
      expect(response.status(), path).toBe(200);
      return response.json();
    },
  };
}

export const test = base.extend<{ api: Api; faults: string[]; owing: Owing }>({
  api: async ({ request }, use) => use(await signedInApi(request)),

  // An account that owes something: the newest open bill's.
  owing: async ({ api }, use) => {
    const { bills } = await api.get<{ bills: Owing[] }>("/v1/bills?openOnly=true&pageSize=1");
    expect(bills, "the demo data has no open bill").toHaveLength(1);
    await use(bills[0]!);
  },

  // Errors of scripts and refusals of the content security policy fail the test that saw them.
  faults: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("console", (message) => {
        const text = message.text();
        // A refused call is logged by the browser too; the pages show it.
        if (message.type() === "error" && !/Failed to load resource/.test(text)) faults.push(text);
      });
      await use(faults);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

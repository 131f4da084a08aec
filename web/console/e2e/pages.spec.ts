// Every page: it loads, axe finds nothing serious, and it fits a desk and a phone.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, screen, signIn, test } from "./fixture";

const kPages: Record<string, string> = {
  desk: "/desk",
  payments: "/payments",
  "bill-runs": "/bill-runs",
  reviews: "/reviews",
  tariffs: "/tariffs",
  "new-tariff": "/tariffs/new",
  meters: "/meters",
  settlements: "/settlements",
  frames: "/frames",
  imports: "/imports",
  staff: "/staff",
  roles: "/roles",
  branches: "/branches",
  audit: "/audit",
};
const kSizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

async function settle(page: Page): Promise<void> {
  await expect(page.getByRole("status").filter({ hasText: "正在加载" })).toHaveCount(0);
  await page.waitForLoadState("networkidle");
}

// A colour on its way from one to the other has no contrast worth measuring.
async function transitionsDone(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
        .map((one) => one.finished),
    ),
  );
}

async function check(page: Page, name: string): Promise<void> {
  await settle(page);
  for (const [size, viewport] of Object.entries(kSizes)) {
    await page.setViewportSize(viewport);
    await page.screenshot({ path: screen(`${name}-${size}.png`) });
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect.soft(wider, `${name} is wider than a ${size}`).toBeLessThanOrEqual(0);
    await transitionsDone(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations
      .filter((found) => found.impact === "serious" || found.impact === "critical")
      .map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" | ")}`);
    expect.soft(serious, `${name} on a ${size}`).toEqual([]);
  }
  await page.setViewportSize(kSizes.desk);
}

test("the sign-in page is accessible", async ({ page }) => {
  await page.goto("/sign-in");
  await check(page, "sign-in");
});

test("every page of the menu is accessible and fits", async ({ page }) => {
  test.setTimeout(300_000);
  await page.goto("/");
  await signIn(page);
  for (const [name, path] of Object.entries(kPages)) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
    await check(page, name);
  }
});

test("the 360 page, its dialogs and a bill are accessible and fit", async ({ page, owing }) => {
  test.setTimeout(180_000);
  await page.goto(`/accounts/${owing.accountId}`);
  await signIn(page);
  await expect(page.locator("[data-test=arrears]")).toBeVisible();
  await check(page, "account");
  await page.getByRole("button", { name: /账单明细$/ }).first().click();
  await expect(page.getByRole("region", { name: "费用明细" })).toBeVisible();
  await check(page, "account-bill");
  await page.getByRole("button", { name: /^收费/ }).click();
  await check(page, "collect");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "查看完整信息" }).click();
  await check(page, "reveal");
  await page.getByRole("dialog").getByLabel("原因").fill("核对用户身份");
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-test=phone]")).not.toContainText("*");
});

test("a meter with its charts is accessible and fits", async ({ page, api }) => {
  // Not every meter of the list has been heard of.
  const { meters } = await api.get<{ meters: { meterId: string; latest?: object }[] }>(
    "/v1/meters?pageSize=1000",
  );
  await page.goto(`/meters/${meters.find((meter) => meter.latest)!.meterId}`);
  await signIn(page);
  await expect(page.getByRole("img", { name: "用水量" })).toBeVisible();
  await check(page, "meter");
  await page.getByText("按小时").click();
  await check(page, "meter-hourly");
});

test("a pasted frame shows its bytes by field, a broken one what is wrong", async ({ page }) => {
  const reading =
    "FE FE 68 10 44 33 22 11 00 33 78 81 16 1F 90 00 00 77 66 55 2C 00 77 66 55 2C " +
    "31 01 22 11 05 15 20 21 84 13 16";
  await page.goto("/decode");
  await signIn(page);
  const input = page.getByRole("textbox", { name: "报文" });
  await input.fill(reading);
  await page.getByRole("button", { name: "解析" }).click();
  const decoded = page.locator("[data-test=decoded]");
  await expect(decoded).toContainText("CJ/T 188");
  await expect(decoded.getByTitle("address")).toHaveCount(7);
  await expect(page.getByText("556677.00 m3").first()).toBeVisible();
  await check(page, "decode");
  await input.fill(reading.replace("84 13 16", "84 14 16"));
  await input.press("Control+Enter");
  await expect(page.getByRole("alert")).toContainText("最接近 CJ/T 188");
  await expect(page.getByRole("alert")).toContainText("13");
  await check(page, "decode-broken");
  await input.fill(
    "2A442D2C998734761B168D2091D37CAC21E1D68CDAFFCD3DC452BD802913FF7B1706CA9E355D6C2701CC24",
  );
  await input.press("Control+Enter");
  await page.getByLabel("key", { exact: true }).fill("28F64A24988064A079AA2C807D6102AE");
  await input.press("Control+Enter");
  await expect(page.getByText("6.408").first()).toBeVisible();
  await check(page, "decode-encrypted");
  await input.fill("68 68");
  await input.press("Control+Enter");
  await expect(page.getByRole("alert")).toContainText("没有协议");
});

test("a tariff is shown by tiers and tried on an account", async ({ page, owing }) => {
  await page.goto("/tariffs");
  await signIn(page);
  await page.getByRole("region", { name: "水价" }).getByRole("link").first().click();
  await expect(page.getByRole("table", { name: "价目表" })).toBeVisible();
  await page.getByLabel("用户", { exact: true }).fill(owing.accountNumber);
  await page.getByLabel("水量（m³）").fill("20");
  await page.getByRole("button", { name: "试算" }).click();
  await expect(page.locator("[data-test=trial-result]")).toContainText("合计");
  await check(page, "tariff");
});

test("a tariff with overlapping tiers is refused at the field", async ({ page }) => {
  await page.goto("/tariffs/new");
  await signIn(page);
  await page.getByLabel("第 1 阶梯上限").fill("200");
  await page.getByLabel("第 2 阶梯上限").fill("100");
  for (const tier of [1, 2, 3]) {
    await page.getByLabel(`基本水费 第 ${tier} 阶梯单价`).fill(`${tier}.5`);
  }
  await page.getByLabel("污水处理费 单价").fill("0.95");
  await page.getByLabel("水资源税 单价").fill("x");
  await page.getByRole("button", { name: "发布", exact: true }).click();
  await expect(page.getByLabel("水资源税 单价")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("水资源税 单价").fill("0.2");
  await page.getByRole("button", { name: "发布", exact: true }).click();
  await expect(page.getByLabel("第 2 阶梯上限")).toHaveAttribute("aria-invalid", "true");
  await check(page, "tariff-refused");
});

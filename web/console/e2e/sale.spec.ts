import type { Page } from "@playwright/test";
import { expect, signIn, test } from "./fixture";

// REV-05: a whole sale with the keyboard alone. Command keys are those that are not text or digits
// of the search and the amount.
const kCommandKeysMax = 6;

class Keyboard {
  commands = 0;

  constructor(private readonly page: Page) {}

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async command(key: string): Promise<void> {
    ++this.commands;
    await this.page.keyboard.press(key);
  }
}

async function prints(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const counter = window as unknown as { prints: number };
    counter.prints = 0;
    window.print = () => void ++counter.prints;
  });
  return () => page.evaluate(() => (window as unknown as { prints: number }).prints);
}

test("a sale takes at most six command keys", async ({ page, owing }) => {
  const printed = await prints(page);
  const payments: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/v1/payments")) {
      payments.push(request.postData() ?? "");
    }
  });
  await page.goto("/");
  await signIn(page);
  const search = page.getByRole("combobox", { name: "查找用户" });
  await expect(search).toBeFocused();

  const keyboard = new Keyboard(page);
  await keyboard.type(owing.accountNumber);
  await keyboard.command("Enter");
  const collect = page.getByRole("button", { name: /^收费/ });
  await expect(collect).toBeFocused();
  const arrears = await page.locator("[data-test=arrears]").innerText();

  await keyboard.command("Enter");
  const amount = page.getByLabel("收款金额（元）");
  await expect(amount).toBeFocused();
  await expect(amount).toHaveValue(arrears.replaceAll(",", ""));
  await expect(page.getByRole("dialog")).toContainText("应收（元）");
  // One fen less than is owed, typed over what was selected: 0.01 stays open.
  const owed = BigInt(arrears.replace(/[,.]/g, ""));
  const less = owed > 1n ? owed - 1n : owed;
  await keyboard.type(`${less / 100n}.${String(less % 100n).padStart(2, "0")}`);
  await keyboard.command("Enter");
  await expect(page.getByRole("heading", { name: "收款成功" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^打印/ })).toBeFocused();

  await keyboard.command("Enter");
  expect(await printed()).toBe(1);
  expect(keyboard.commands).toBeLessThanOrEqual(kCommandKeysMax);
  expect(payments).toHaveLength(1);

  // The page beneath shows the payment by itself.
  const left = `${(owed - less) / 100n}.${String((owed - less) % 100n).padStart(2, "0")}`;
  await expect(page.locator("[data-test=arrears]")).toHaveText(left, { timeout: 3_000 });

  // Escape leads to the next customer, with the focus in the search box.
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/desk$/);
  await expect(search).toBeFocused();
});

test("Enter pressed again and again collects once", async ({ page, owing }) => {
  let sent = 0;
  await page.route("**/v1/payments", async (route) => {
    ++sent;
    await new Promise((done) => setTimeout(done, 500));
    await route.continue();
  });
  await page.goto(`/accounts/${owing.accountId}`);
  await signIn(page);
  await page.getByRole("button", { name: /^收费/ }).click();
  await page.getByLabel("收款金额（元）").fill("0.01");
  for (let press = 0; press < 3; ++press) await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "收款成功" })).toBeVisible();
  expect(sent).toBe(1);
});

test("results are chosen with the arrows and opened with Enter", async ({ page, api }) => {
  // Two open bills of people whose names begin alike.
  const { bills } = await api.get<{ bills: { customerName: string }[] }>("/v1/bills?pageSize=200");
  const beginnings = bills.map((bill) => bill.customerName.slice(0, 2));
  const name = beginnings.find((text, index) => beginnings.indexOf(text) !== index) ?? "测试";
  await page.goto("/desk");
  await signIn(page);
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  const options = page.getByRole("option");
  await expect(options.first().or(page.getByRole("heading", { level: 1 })).first()).toBeVisible();
  test.skip((await options.count()) < 2, "the demo data has no two people of this name");
  await page.keyboard.press("ArrowDown");
  await expect(options.nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/accounts\//);
});

test("more than the arrears is kept only when the clerk says so", async ({ page, owing }) => {
  await page.goto(`/accounts/${owing.accountId}`);
  await signIn(page);
  await page.getByRole("button", { name: /^收费/ }).click();
  const amount = page.getByLabel("收款金额（元）");
  await expect(amount).toBeFocused();
  await amount.fill("99999.99");
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("超出欠费");
  await expect(page.getByRole("button", { name: /^确认收款/ })).toBeDisabled();
  await page.keyboard.press("F8");
  await expect(page.getByRole("button", { name: /^确认收款/ })).toBeEnabled();
  await amount.fill("0");
  await expect(page.getByRole("button", { name: /^确认收款/ })).toBeDisabled();
  await amount.fill("1.00");
  await page.getByLabel("实收现金（元）").fill("10");
  await expect(page.getByRole("dialog").getByRole("status")).toContainText("9.00");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /^收费/ })).toBeFocused();
});

test("a payment is reversed with a reason and everything is as before", async ({ page, owing }) => {
  await page.goto(`/accounts/${owing.accountId}`);
  await signIn(page);
  const arrears = page.locator("[data-test=arrears]");
  const before = await arrears.innerText();
  await page.getByRole("button", { name: /^收费/ }).click();
  await page.getByLabel("收款金额（元）").fill("0.01");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "收款成功" })).toBeVisible();
  await expect(arrears).not.toHaveText(before, { timeout: 3_000 });
  await page.keyboard.press("Escape");
  await page.goto(`/accounts/${owing.accountId}`);
  await page.getByRole("button", { name: "冲正" }).first().click();
  await expect(page.getByRole("dialog").getByLabel("原因")).toBeFocused();
  await page.keyboard.type("浏览器测试");
  await page.keyboard.press("Enter");
  await expect(page.getByText("已冲正").first()).toBeVisible();
  await expect(arrears).toHaveText(before, { timeout: 3_000 });
});

import { expect, screen, signIn, test } from "./fixture";

interface Items {
  reviewItems: { accountNumber: string }[];
}

test("held volumes are decided together, with a reason", async ({ page, api }) => {
  const { reviewItems } = await api.get<Items>("/v1/reviewItems?openOnly=true&pageSize=3");
  test.skip(reviewItems.length < 2, "fewer than two volumes wait for review");
  await page.goto("/reviews");
  await signIn(page);
  const table = page.getByRole("region", { name: "水量审核" });
  await expect(table).toBeVisible();
  const [first, second] = reviewItems;
  await page.getByLabel(`选择 ${first!.accountNumber}`).first().check();
  await page.getByLabel(`选择 ${second!.accountNumber}`).first().check();
  await page.getByRole("button", { name: "批量审核（2）" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("按核定水量开账").check();
  await dialog.getByLabel("核定水量（m³）").fill("-1");
  await dialog.getByLabel("审核意见（必填）").fill("现场核实");
  await expect(dialog.getByRole("button", { name: "确定" })).toBeDisabled();
  await page.screenshot({ path: screen("review-dialog.png") });
  await dialog.getByLabel("核定水量（m³）").fill("12");
  await dialog.getByRole("button", { name: "确定" }).click();
  await expect(dialog).toBeHidden();
  const left = await api.get<Items>("/v1/reviewItems?openOnly=true&pageSize=1000");
  const numbers = left.reviewItems.map((item) => item.accountNumber);
  expect(numbers).not.toContain(first!.accountNumber);
});

test("a bill run shows its progress until it is done", async ({ page }) => {
  await page.goto("/bill-runs");
  await signIn(page);
  await page.getByRole("button", { name: "开始开账" }).click();
  await expect(page.getByRole("progressbar")).toBeVisible();
  await expect(page.getByText("已完成").first()).toBeVisible({ timeout: 60_000 });
  await page.screenshot({ path: screen("bill-run.png") });
  await expect(page.locator("[data-test=issued]")).not.toBeEmpty();
});

import { expect, screen, signIn, test } from "./fixture";

test("only the receipt is printed, on the paper that was chosen", async ({ page, owing }) => {
  await page.goto(`/accounts/${owing.accountId}`);
  await signIn(page);
  await page.getByRole("button", { name: /^收费/ }).click();
  await page.getByLabel("收款金额（元）").fill("0.05");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "收款成功" })).toBeVisible();
  await page.screenshot({ path: screen("receipt-dialog.png") });

  for (const paper of ["80 mm 小票", "A5 收据"]) {
    await page.getByLabel(paper).check();
    await page.emulateMedia({ media: "print" });
    const sheet = page.locator(".print-root");
    await expect(sheet).toBeVisible();
    await expect(sheet).toContainText("水费收据");
    await expect(sheet).toContainText("伍分");
    await expect(sheet).toContainText("0.05");
    await expect(page.locator("#app")).toBeHidden();
    await page.screenshot({ path: screen(`print-${paper.slice(0, 2)}.png`) });
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    await page.emulateMedia({ media: null });
  }

  // The same receipt again, from the list of payments.
  await page.keyboard.press("Escape");
  await page.goto("/payments");
  await page.getByRole("region", { name: "收款记录" }).getByRole("link").first().click();
  await expect(page.getByRole("button", { name: /^打印/ })).toBeFocused();
  await expect(page.getByRole("article").first()).toContainText("伍分");
});

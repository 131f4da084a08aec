import { expect, kTenant, kUser, signIn, test } from "./fixture";

test("a wrong password, name or company gets one and the same answer", async ({ page }) => {
  const texts = new Set<string>();
  for (const [tenant, name] of [[kTenant, kUser], [kTenant, "nobody-here"], ["no-company", kUser]]) {
    await page.goto("/sign-in");
    await page.getByLabel("公司代码").fill(tenant!);
    await page.getByLabel("工号").fill(name!);
    await page.getByLabel("密码").fill("surely-not-the-password");
    await page.getByRole("button", { name: "登录" }).click();
    texts.add(await page.getByRole("alert").innerText());
    await expect(page.getByLabel("密码")).toHaveValue("");
  }
  expect(texts.size).toBe(1);
});

test("a sign-in after the session ended leads back to where one was", async ({ page, owing }) => {
  await page.goto("/");
  await signIn(page);
  await page.goto(`/accounts/${owing.accountId}?tab=1`);
  await expect(page.locator("[data-test=arrears]")).toBeVisible();
  // The session ends elsewhere: both tokens are refused from now on.
  await page.evaluate(() => sessionStorage.setItem("karez.refresh", "ended"));
  await page.route("**/v1/**", (route) => {
    const ended = { reason: "TOKEN_EXPIRED", status: 401, detail: "expired" };
    return route.fulfill({ status: 401, json: ended });
  });
  await page.getByRole("link", { name: "水表" }).first().click();
  await expect(page.getByText("登录已过期，请重新登录，登录后回到刚才的页面。")).toBeVisible();
  await page.unroute("**/v1/**");
  await signIn(page);
  await expect(page).toHaveURL(/\/meters$/);
});

test("a page asked for without a session is shown after signing in", async ({ page }) => {
  await page.goto("/settlements");
  await expect(page).toHaveURL(/\/sign-in/);
  await signIn(page);
  await expect(page).toHaveURL(/\/settlements$/);
});

test("a reload keeps the session, signing out ends it", async ({ page }) => {
  await page.goto("/");
  await signIn(page);
  await page.reload();
  await expect(page.getByRole("button", { name: "个人菜单" })).toBeVisible();
  await page.getByRole("button", { name: "个人菜单" }).click();
  await page.getByText("退出登录").click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto("/desk");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("the access token that expired is renewed without a word", async ({ page }) => {
  await page.goto("/meters");
  await signIn(page);
  let refused = 0;
  await page.route("**/v1/settlements*", (route) => {
    if (refused++ > 0) return route.continue();
    return route.fulfill({ status: 401, json: { reason: "TOKEN_EXPIRED", status: 401 } });
  });
  await page.getByRole("link", { name: "月度结算" }).click();
  await expect(page.getByRole("heading", { name: "月度结算" })).toBeVisible();
  await expect.poll(() => refused).toBeGreaterThan(1);
  await expect(page).toHaveURL(/\/settlements$/);
});

test("the language is switched and remembered", async ({ page }) => {
  await page.goto("/");
  await signIn(page);
  await page.getByRole("button", { name: "个人菜单" }).click();
  await page.getByText("English").click();
  await expect(page.getByRole("link", { name: "Bill runs" })).toBeVisible();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

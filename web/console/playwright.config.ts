import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

// Debian's Chromium; nothing is downloaded.
const executablePath = process.env.KAREZ_CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(executablePath)) throw new Error(`${executablePath} is missing: install chromium`);
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/setup.ts",
  outputDir: "test-results",
  fullyParallel: false,
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    baseURL:
      process.env.KAREZ_BASE_URL ?? process.env.KAREZ_TEST_GATEWAY_URL ?? "http://127.0.0.1:8080",
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath, args: isRoot ? ["--no-sandbox"] : [] },
    screenshot: "only-on-failure",
    trace: "off",
  },
});

import { defineConfig } from "@playwright/test";

/** One browser and one stack at a time: the machine is shared, and the tests move many bytes. */
export default defineConfig({
  testDir: "tests/browser",
  outputDir: "test-results",
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    // Debian's package: Playwright's own browsers would have to be downloaded.
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
      ],
    },
    actionTimeout: 30_000,
    screenshot: "only-on-failure",
  },
});

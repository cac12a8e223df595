import { defineConfig } from "@playwright/test";

/** These use the package as others install it: packed once, before them. */
const PACKED = "js/tests/browser/{react,uppy,html,element,package,app}.spec.ts";

/** Runs the tests of both packages in two browsers, each with a stack of its own. */
export default defineConfig({
  testDir: ".",
  projects: [
    {
      name: "sources",
      testMatch: ["web/tests/browser/*.spec.ts", "js/tests/browser/*.spec.ts"],
      testIgnore: PACKED,
    },
    { name: "pack", testMatch: "js/tests/browser/pack.setup.ts" },
    { name: "packed", testMatch: PACKED, dependencies: ["pack"] },
  ],
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    // Use Debian's Chromium package, so that Playwright's own browsers need not be downloaded.
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

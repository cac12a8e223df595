import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    restoreMocks: true,
    unstubGlobals: true,
    // Hang detection only: a busy machine takes several times as long as a quiet one.
    testTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "unit", include: ["src/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "package",
          include: ["tests/package/*.test.{ts,tsx}"],
          globalSetup: "tests/package/installed.ts",
        },
      },
    ],
  },
});

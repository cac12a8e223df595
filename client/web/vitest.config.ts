import { defineConfig } from "vitest/config";
import { messages } from "./messages.ts";

// Apart from vite.config.ts, so that building the web client does not need the test tools.
export default defineConfig({
  plugins: [messages()],
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx", "tests/unit/**/*.test.ts"],
    environment: "node",
    restoreMocks: true,
    // Hang detection only: a busy machine takes several times as long as a quiet one.
    testTimeout: 30_000,
  },
});

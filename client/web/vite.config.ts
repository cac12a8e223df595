import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { precompress } from "./precompress.ts";

// The default is the address of `make run`; set API_URL to use another API.
const api = process.env["API_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), precompress()],
  server: { host: "127.0.0.1", port: 5173, proxy: { "/graphql": api } },
  preview: { host: "127.0.0.1", proxy: { "/graphql": api } },
  build: {
    target: "es2022",
    manifest: true,
    // Inlined assets are data: URLs, which would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 5000,
    reportCompressedSize: false,
  },
  worker: { format: "es" },
});

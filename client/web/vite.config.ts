import react from "@vitejs/plugin-react";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultClientConditions, defineConfig } from "vite";
import { documents, LISTED } from "./documents.ts";
import { messages } from "./messages.ts";
import { precompress } from "./precompress.ts";
import { preloads } from "./preloads.ts";

// The default is the address of `make run`; set API_URL to use another API.
const api = process.env["API_URL"] ?? "http://127.0.0.1:8000";

/** The package's entry for bundlers is its development build. */
const PRODUCTION_ROUTER = join(
  dirname(fileURLToPath(import.meta.resolve("react-router"))),
  "../production/index.mjs",
);
// Small chunks compress badly, and each is a request.
/** The libraries that all pages need, and those of all pages for signed-in users. */
const REACT = /node_modules\/(react|react-dom|scheduler|react-router)\//;
const APOLLO = /node_modules\/(@apollo|rxjs|optimism|@wry)\//;

/** The entry, with Vite's own helper; what all pages share; the pages for visitors. */
const ENTRY =
  /\/src\/(main\.ts|shell\/preload|viewer\/requested|session\/(?!useSession|issuer\.ts)|library\/(filters|firstPage)|api\/(send|early)|messages\/(?!rich))|vite\/preload-helper/;
const COMMON =
  /\/src\/(messages\/rich|ui\/(?!ConfirmDialog|CopyButton|Dialog|MiddleName|Name|Notices|useStay)|format\/(?!devices|lists|middle|names|timeLeft|waiting)|api\/errors|session\/useSession|shell\/(Boundary|Brand|BrokenPage|idle|useTitle))/;
const VISITOR =
  /\/src\/accounts\/(EntryPage|LoginPage|SignUpPage|failure|GeneralProblem|useLogin|useSignInMethods|useSignUp)/;
/** What the library shares with pages that are loaded later. */
const MEMBER =
  /\/src\/(library\/(kind|Picture|placeholder|preview\.css|Preview|StatusBadge|orderLabels|uploadsQuery|useSignedUrl|headlines)|viewer\/useViewer|format\/(middle|names)|ui\/(Dialog|MiddleName|Name)|upload\/(useQueue|progress)|api\/(uploadFields|repeated|useFields))/;

export default defineConfig({
  plugins: [documents(), messages(), react(), preloads(), precompress()],
  resolve: {
    // RxJS's ES2015 build, without helpers for older browsers.
    conditions: ["es2015", ...defaultClientConditions],
    alias: { "react-router": PRODUCTION_ROUTER },
  },
  server: { host: "127.0.0.1", port: 5173, proxy: { "/graphql": api } },
  preview: { host: "127.0.0.1", proxy: { "/graphql": api } },
  build: {
    target: "es2022",
    manifest: true,
    // Only a hint: browsers without it load the code a moment later.
    modulePreload: { polyfill: false },
    // Inlined assets are data: URLs, which would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 5000,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // A new release leaves the libraries in the cache.
        codeSplitting: {
          groups: [
            { name: "react", test: REACT, priority: 2 },
            { name: "apollo", test: APOLLO, priority: 1 },
            { name: "entry", test: ENTRY, priority: 1 },
            { name: "common", test: COMMON },
            { name: "visitor", test: VISITOR },
            { name: "shared", test: MEMBER },
            { name: "shared", test: LISTED },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
});

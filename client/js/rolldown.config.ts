import { defineConfig } from "rolldown";

const ENTRIES = ["index", "react", "element", "uppy"];

/** Builds what `dist` contains besides the types; see scripts/types.mjs. */
export default defineConfig({
  input: Object.fromEntries(ENTRIES.map((name) => [name, `src/${name}.ts`])),
  external: [/^react($|\/)/, /^@uppy\//],
  preserveEntrySignatures: "strict",
  // The directive "use client" belongs to an entry, whose chunk keeps it.
  checks: { moduleLevelDirective: false },
  output: {
    dir: "dist",
    cleanDir: true,
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    // Source maps would contain the sources, and double the size of the package.
    sourcemap: false,
    // Pages without a bundler load these files as they are.
    minify: true,
  },
  transform: { target: "es2022" },
});

// Print the gzipped size of what a first visit loads; fail if the library page exceeds its limit.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIBRARY_MAX_BYTES = 300_000;
const DIST = join(import.meta.dirname, "../dist");
const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));

/** Return the files of a chunk, its static imports and their styles. */
function files(key, found = new Set()) {
  const chunk = manifest[key];
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const imported of chunk.imports ?? []) files(imported, found);
  return found;
}

function size(names) {
  return [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join(DIST, name))).length, 0);
}

const first = new Set(["index.html", ...files("index.html")]);
const rows = [["library page", size(first)]];
for (const [label, key] of [
  ["+ upload page with Uppy", "src/uppy/uploader.ts"],
  ["+ API keys page", "src/keys/KeysPage.tsx"],
  ["+ playground with GraphiQL", "src/playground/PlaygroundPage.tsx"],
]) {
  rows.push([label, size([...files(key)].filter((name) => !first.has(name)))]);
}
const all = readdirSync(join(DIST, "assets"))
  .filter((name) => !/\.(?:br|gz)$/.test(name))
  .map((name) => `assets/${name}`);
rows.push(["everything, with the editor's workers", size(all)]);
for (const [label, bytes] of rows) {
  console.log(`${label.padEnd(40)} ${(bytes / 1000).toFixed(1).padStart(8)} kB gzip`);
}
if (rows[0][1] > LIBRARY_MAX_BYTES) {
  console.error(`The library page exceeds its limit of ${LIBRARY_MAX_BYTES / 1000} kB.`);
  process.exit(1);
}

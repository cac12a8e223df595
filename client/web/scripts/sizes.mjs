// Prints what a first visit loads, gzipped, and fails where the library page takes more than it may.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIBRARY_MAX_BYTES = 300_000;
const DIST = join(import.meta.dirname, "../dist");
const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));

/** A chunk and all that it imports at once, with their styles. */
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
const all = readdirSync(join(DIST, "assets")).map((name) => `assets/${name}`);
rows.push(["everything, editor's workers included", size(all)]);
for (const [label, bytes] of rows) {
  console.log(`${label.padEnd(40)} ${(bytes / 1000).toFixed(1).padStart(8)} kB gzip`);
}
if (rows[0][1] > LIBRARY_MAX_BYTES) {
  console.error(`The library page may have ${LIBRARY_MAX_BYTES / 1000} kB at most.`);
  process.exit(1);
}

// Print the gzipped size of what a visit loads; fail if one of the limits is exceeded.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIBRARY_MAX_BYTES = 170_000;
const LOGIN_MAX_BYTES = 105_000;
const UPLOADS_MAX_BYTES = 35_000;
const DIST = join(import.meta.dirname, "../dist");
const manifest = JSON.parse(readFileSync(join(DIST, ".vite/manifest.json"), "utf8"));

/** Return the files of a chunk, its static imports and what their styles need. */
function files(key, found = new Set()) {
  const chunk = manifest[key];
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const style of chunk.css ?? []) found.add(style);
  for (const imported of chunk.imports ?? []) files(imported, found);
  return found;
}

function filesOf(keys) {
  return new Set(keys.flatMap((key) => [...files(key)]));
}

function size(names) {
  return [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join(DIST, name))).length, 0);
}

/** The queue loads its engine by itself, in several chunks; we have a GraphQL client of our own. */
const ENGINE = Object.keys(manifest).filter(
  (key) => key.startsWith("../js/dist/") && !key.includes("/service"),
);
/** index.html contains the first styles. The pages for visitors have a picture. */
const START = ["index.html", "icon.svg", ...filesOf(["src/app.tsx"])];
const VISITOR = Object.keys(manifest).filter((key) => key.startsWith("_visitor-"));
const login = new Set([...START, manifest["src/accounts/wall.svg"].file, ...filesOf(VISITOR)]);
const library = new Set([...START, ...filesOf(["src/shell/Member.tsx"])]);

const rows = [
  ["login page", size(login), LOGIN_MAX_BYTES],
  ["library page", size(library), LIBRARY_MAX_BYTES],
];
for (const [label, keys, limit] of [
  ["+ upload queue, tray and engine", ["src/upload/LiveQueue.tsx", ...ENGINE], UPLOADS_MAX_BYTES],
  ["+ details of a file", ["src/library/DetailsPanel.tsx"]],
  ["+ viewer", ["src/viewer/FileViewer.tsx"]],
  ["+ download of a ZIP", ["src/zip/ZipDownload.tsx"]],
  ["+ upload page", ["src/upload/UploadPage.tsx"]],
  ["+ API keys page", ["src/keys/KeysPage.tsx"]],
  ["+ playground with GraphiQL", ["src/playground/PlaygroundPage.tsx"]],
]) {
  const more = [...filesOf(keys)].filter((name) => !library.has(name));
  rows.push([label, size(more), limit]);
}
const all = readdirSync(join(DIST, "assets"))
  .filter((name) => !/\.(?:br|gz)$/.test(name))
  .map((name) => `assets/${name}`);
rows.push(["everything, with the editor's workers", size(all)]);
for (const [label, bytes, limit] of rows) {
  const most = limit === undefined ? "" : `  limit ${limit / 1000} kB`;
  console.log(`${label.padEnd(40)} ${(bytes / 1000).toFixed(1).padStart(8)} kB gzip${most}`);
  if (bytes > (limit ?? Infinity)) process.exitCode = 1;
}

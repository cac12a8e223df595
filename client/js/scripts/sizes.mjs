// Print the gzipped sizes of what pages load: at first, to show the queue, and altogether, to send
// files. Fail if one exceeds its limit, or if the README tells another one.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const PACKAGE = join(import.meta.dirname, "..");
const DIST = join(PACKAGE, "dist");
const ROWS = [
  { name: "media-upload", entry: "index.js", maxFirst: 8_000, maxAll: 16_200 },
  { name: "media-upload/element", entry: "element.js", maxFirst: 14_000, maxAll: 24_500 },
  { name: "media-upload/react", entry: "react.js", maxFirst: 9_000, maxAll: 17_200 },
  { name: "media-upload/uppy", entry: "uppy.js", maxFirst: 10_000, maxAll: 18_000 },
];
const STATIC_IMPORT = /(?:\bfrom|\bimport)\s*["'`](\.[^"'`]+)["'`]/g;
const ANY_IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*["'`](\.[^"'`]+)["'`]/g;
/** A size in the README may differ from the actual one by this share. */
const TOLERANCE = 0.05;

/** Return the file with all that it imports by these imports. */
function files(file, imports, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, specifier] of readFileSync(file, "utf8").matchAll(imports)) {
    files(join(dirname(file), specifier), imports, found);
  }
  return found;
}

function sizeOf(names) {
  return [...names].reduce((sum, name) => sum + gzipSync(readFileSync(name)).length, 0);
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}

/** Check a size that the README tells, in one of the table's columns. */
function checkReadme(name, told, bytes) {
  if (!(Math.abs(1000 * told - bytes) <= TOLERANCE * bytes)) {
    fail(`README.md tells another size of ${name}: ${told} kB.`);
  }
}

const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
for (const { name, entry, maxFirst, maxAll } of ROWS) {
  const file = join(DIST, entry);
  if (!existsSync(file)) {
    fail(`dist/${entry} is missing; run \`npm run build\`.`);
    continue;
  }
  const first = sizeOf(files(file, STATIC_IMPORT));
  const all = sizeOf(files(file, ANY_IMPORT));
  console.log(`${name.padEnd(22)} ${first} bytes gzipped at first, ${all} altogether`);
  if (first > maxFirst) fail(`${name} loads more than ${maxFirst} bytes at first.`);
  if (all > maxAll) fail(`${name} loads more than ${maxAll} bytes altogether.`);
  const row = readme.match(`\\| \`${name}\` +\\| ([\\d.]+) kB +\\| ([\\d.]+) kB`) ?? [];
  checkReadme(name, Number(row[1]), first);
  checkReadme(name, Number(row[2]), all);
}

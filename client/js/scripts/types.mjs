// Write the declarations of the package to dist/types. The compiler keeps the extension .ts in
// them, but consumers have .d.ts files, which belong to the extension .js.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const PACKAGE = join(import.meta.dirname, "..");
const TYPES = join(PACKAGE, "dist/types");
const TSC = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const SPECIFIER = /(["'])(\.\.?\/[^"']+)\.tsx?\1/g;

rmSync(TYPES, { recursive: true, force: true });
execFileSync(process.execPath, [TSC, "--project", join(PACKAGE, "tsconfig.build.json")], {
  stdio: "inherit",
});
for (const name of readdirSync(TYPES, { recursive: true })) {
  if (!name.endsWith(".d.ts")) continue;
  const file = join(TYPES, name);
  writeFileSync(file, readFileSync(file, "utf8").replace(SPECIFIER, "$1$2.js$1"));
}

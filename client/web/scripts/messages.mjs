// Write the types of the messages' values; with --check, fail if they are not current.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { runnerImport } from "vite";

const TYPES = join(import.meta.dirname, "../src/messages/types.ts");
const { module } = await runnerImport(join(import.meta.dirname, "../messages.ts"));
const types = await format(module.typesOf(await module.messagesOf("en")), {
  ...(await resolveConfig(TYPES)),
  filepath: TYPES,
});
if (!process.argv.includes("--check")) writeFileSync(TYPES, types);
else if (readFileSync(TYPES, "utf8") !== types) {
  console.error("src/messages/types.ts is not current. Run npm run codegen.");
  process.exitCode = 1;
}

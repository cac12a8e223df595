import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { visibleName } from "./names.ts";

const CASES = join(import.meta.dirname, "../../../../tests/attacks/visible_names.json");
const cases = JSON.parse(await readFile(CASES, "utf8")) as {
  about: string;
  name: string;
  shown: string;
}[];

test.each(cases)("$about", ({ name, shown }) => {
  expect(visibleName(name)).toBe(shown);
});

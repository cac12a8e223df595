import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { visibleName } from "../../src/format/names.ts";

const TABLE = join(import.meta.dirname, "../../../../tests/attacks/visible_names.json");
const CASES = JSON.parse(readFileSync(TABLE, "utf8")) as {
  readonly about: string;
  readonly name: string;
  readonly shown: string;
}[];

test("the table has cases", () => expect(CASES.length).toBeGreaterThanOrEqual(30));

test.each(CASES)("$about", ({ name, shown }) => {
  expect(visibleName(name)).toBe(shown);
});

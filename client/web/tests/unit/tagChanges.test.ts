import { expect, it } from "vitest";
import { changesOf, countTags } from "../../src/library/tagChanges.ts";

const uploads = [
  { id: "1", tags: ["a", "b"] },
  { id: "2", tags: ["b", "c"] },
  { id: "3", tags: ["c"] },
];

it("changes only the uploads whose tags differ afterwards", () => {
  expect(changesOf(uploads, { add: ["c"], remove: new Set(["a"]) })).toEqual([
    { id: "1", tags: ["b", "c"] },
  ]);
  expect(changesOf(uploads, { add: [], remove: new Set(["b"]) })).toEqual([
    { id: "1", tags: ["a"] },
    { id: "2", tags: ["c"] },
  ]);
});

it("counts the uploads of each tag", () => {
  expect(countTags(uploads)).toEqual([
    ["b", 2],
    ["c", 2],
    ["a", 1],
  ]);
});

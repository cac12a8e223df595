import { expect, it } from "vitest";
import { splitName } from "../../src/format/middle.ts";

it.each([
  ["Notes on a long walk in autumn.txt", "Notes on a long walk in ", "autumn.txt"],
  ["Report.final version of May", "Report.final version ", "of May"],
  ["a.txt", "", "a.txt"],
  ["", "", ""],
  [".gitignore", ".git", "ignore"],
  // Digits and endings of right-to-left names stay with their neighbours.
  ["تقرير نهائي 2024.pdf", "تقرير نهائي 2024", ".pdf"],
  ["תמונה 2024", "תמונה 2024", ""],
  ["Scan תמונה 12.png", "Scan תמונה 12", ".png"],
  // Neither marks of hidden characters nor letters of several code points are split.
  ["holiday[U+202E]ab.txt", "holiday", "[U+202E]ab.txt"],
  ["Family 👨‍👩‍👧‍👦 e\u0301 12.jpg", "Family ", "👨‍👩‍👧‍👦 e\u0301 12.jpg"],
])("splits %s", (name, start, end) => {
  expect(splitName(name)).toEqual([start, end]);
});

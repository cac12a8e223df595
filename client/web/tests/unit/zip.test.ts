import { describe, expect, test } from "vitest";
import { pathsInZip } from "../../src/zip/names.ts";

describe("paths inside a ZIP", () => {
  test("keep folders and number duplicates, without regard to case or composition", () => {
    expect(
      pathsInZip(["a.txt", "A.TXT", "trip/a.txt", "a.txt", "é.txt", "e\u0301.txt", "a (2).txt"]),
    ).toEqual([
      "a.txt",
      "A (2).TXT",
      "trip/a.txt",
      "a (3).txt",
      "é.txt",
      "e\u0301 (2).txt",
      "a (2) (2).txt",
    ]);
  });

  test("never leave the folder in which the ZIP is extracted", () => {
    expect(
      pathsInZip(["../../etc/passwd", "/etc/hosts", "..\\up.txt", "C:\\x.exe", "a/../b", "..", ""]),
    ).toEqual(["etc/passwd", "etc/hosts", "up.txt", "C_/x.exe", "a/b", "file", "file (2)"]);
  });

  test("are allowed on all systems", () => {
    expect(
      pathsInZip(['a<b>"?.txt', "dots...", "con.txt", "nul", "tab\t.md", "\ud800.md"]),
    ).toEqual(["a_b___.txt", "dots", "_con.txt", "_nul", "tab_.md", "_.md"]);
    const [long = ""] = pathsInZip([`${"é".repeat(300)}.jpeg`]);
    expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(200);
    expect(long).toMatch(/é\.jpeg$/);
  });

  test("give no file the name of a folder", () => {
    expect(pathsInZip(["trip", "trip/a.txt"])).toEqual(["trip (2)", "trip/a.txt"]);
  });
});

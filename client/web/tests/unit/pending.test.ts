import { describe, expect, it } from "vitest";
import { Pace, pendingIds, type Watched } from "../../src/library/pending.ts";

function upload(id: string, more: Partial<Watched>): Watched {
  return { id, status: "STORED", processing: "DONE", ...more };
}

const INCOMPLETE = { status: "PENDING", processing: "NONE" } as const;
const PROCESSING = { processing: "PENDING" } as const;

describe("polls", () => {
  it("ask for nothing if nothing is pending", () => {
    const done = [upload("1", {}), upload("2", { processing: "FAILED" })];
    expect(pendingIds([...done, upload("3", { status: "EXPIRED" })])).toEqual([]);
  });

  it("ask for files that are processed, then for incomplete ones, once each", () => {
    const listed = [
      ...[upload("5", INCOMPLETE), upload("4", PROCESSING), upload("3", {})],
      ...[upload("2", PROCESSING), upload("1", INCOMPLETE), upload("2", PROCESSING)],
    ];
    expect(pendingIds(listed)).toEqual(["2", "4", "5", "1"]);
  });

  it("ask for a bounded number of uploads", () => {
    const many = Array.from({ length: 500 }, (_, index) => upload(`id${index}`, PROCESSING));
    expect(pendingIds(many)).toHaveLength(25);
  });

  it("become ever rarer for what stays pending, and frequent again for something else", () => {
    const pace = new Pace();
    const polls: number[] = [];
    for (let seconds = 2; seconds <= 86_400; seconds += 2) {
      if (pace.takesTurn(["a"], seconds * 1000)) polls.push(seconds);
    }
    expect(polls.filter((at) => at <= 20)).toHaveLength(10);
    expect(polls.filter((at) => at > 3600 && at <= 7200)).toHaveLength(7);
    expect(polls.length).toBeLessThan(110);
    const later = 86_402_000;
    expect(pace.takesTurn(["a"], later)).toBe(false);
    expect(pace.takesTurn(["b"], later)).toBe(true);
    expect(pace.takesTurn(["b"], later + 2000)).toBe(true);
  });
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pace } from "./pace.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const LIMITS = { start: 4, max: 12, windowMs: 1000 };

/** Simulate a network that carries `rate(limit)` bytes per window. */
function run(pace: Pace, windows: number, rate: (limit: number) => number, limited = true): void {
  for (let step = 0; step < windows * 10; step++) {
    vi.advanceTimersByTime(100);
    pace.moved(rate(pace.limit) / 10, limited);
  }
}

test("raises the limit as long as that is faster", () => {
  const pace = new Pace(LIMITS, () => undefined);
  run(pace, 20, (limit) => limit * 1000);
  expect(pace.limit).toBe(12);
});

test("keeps the limit when a higher one is not faster", () => {
  const pace = new Pace(LIMITS, () => undefined);
  const seen = new Set<number>();
  for (let window = 0; window < 30; window++) {
    run(pace, 1, (limit) => Math.min(limit, 6) * 1000);
    seen.add(pace.limit);
  }
  expect(pace.limit).toBe(6);
  expect(Math.max(...seen)).toBe(7);
});

test("learns nothing while there is too little to send", () => {
  const pace = new Pace(LIMITS, () => undefined);
  run(pace, 20, () => 1000, false);
  expect(pace.limit).toBe(4);
});

test("halves the limit once for simultaneous failures, and recovers", () => {
  const limits: number[] = [];
  const pace = new Pace(LIMITS, (limit) => limits.push(limit));
  run(pace, 1, (limit) => limit * 1000);
  const before = pace.limit;
  for (let failure = 0; failure < 6; failure++) pace.failed();
  expect(pace.limit).toBe(Math.floor(before / 2));
  run(pace, 30, (limit) => limit * 1000);
  expect(pace.limit).toBe(12);
  expect(limits.at(-1)).toBe(12);
});

test("never stops sending", () => {
  const pace = new Pace(LIMITS, () => undefined);
  for (let failure = 0; failure < 20; failure++) {
    vi.advanceTimersByTime(10_000);
    pace.failed();
  }
  expect(pace.limit).toBe(1);
});

test("does not mistake a pause for a slow network", () => {
  const pace = new Pace(LIMITS, () => undefined);
  run(pace, 3, (limit) => limit * 1000);
  const before = pace.limit;
  vi.advanceTimersByTime(600_000);
  pace.resumed();
  run(pace, 1, (limit) => limit * 1000);
  expect(pace.limit).toBeGreaterThanOrEqual(before);
});

const MIB = 1024 ** 2;

/** Simulate a line that carries `total` bytes per second, and `each` per connection at most. */
function sendParts(total: number, each: number, windows: number, partBytes = 16 * MIB) {
  let flights = 0;
  const reductions: number[] = [];
  const pace = new Pace(
    { ...LIMITS, start: 6 },
    (limit, fitted) => {
      if (fitted) reductions.push(limit);
    },
    () => Array<number>(flights).fill(partBytes),
  );
  for (let step = 0; step < windows * 10; step++) {
    flights = pace.limit;
    vi.advanceTimersByTime(100);
    pace.moved(Math.min(total, each * flights) / 10, true);
  }
  return { pace, reductions };
}

test("sends few parts at once on a slow line", () => {
  const { pace, reductions } = sendParts(1.2 * MIB, 1.2 * MIB, 30);
  expect(pace.limit).toBe(1);
  expect(reductions).toEqual([1]);
});

test("fits the number of parts to a line of medium speed", () => {
  const { pace } = sendParts(10.5 * MIB, 10.5 * MIB, 30);
  expect(pace.limit).toBe(3);
});

test("does not slow down where each connection is slow but many are fast", () => {
  const { pace, reductions } = sendParts(100 * MIB, 1 * MIB, 10);
  expect(reductions).toHaveLength(1);
  expect(pace.limit).toBeGreaterThanOrEqual(6);
});

test("sends many small parts at once, even on a slow line", () => {
  const { pace, reductions } = sendParts(1.2 * MIB, 1.2 * MIB, 30, 100_000);
  expect(reductions).toEqual([]);
  expect(pace.limit).toBeGreaterThanOrEqual(6);
});

test("does not take a busy computer for a slow line: tiny files are not stopped", () => {
  const { pace, reductions } = sendParts(500, 500, 30, 1000);
  expect(reductions).toEqual([]);
  expect(pace.limit).toBeGreaterThanOrEqual(6);
});

test("does not reduce what is not there: the last part of a file is alone", () => {
  const reductions: number[] = [];
  const pace = new Pace(
    { ...LIMITS, start: 6 },
    (limit, fitted) => {
      if (fitted) reductions.push(limit);
    },
    () => [16 * MIB],
  );
  run(pace, 5, () => 100_000, false);
  expect(reductions).toEqual([]);
});

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
  run(pace, 1, (limit) => limit * 1000);
  expect(pace.limit).toBeGreaterThanOrEqual(before);
});

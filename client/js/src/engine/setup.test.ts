import { expect, test, vi } from "vitest";
import type { Flight } from "./delivery.ts";
import { FakeService } from "./fakes.ts";
import { createEnvironment } from "./setup.ts";

const PERCENT_BYTES = 1024;

test("takes back parts that have just begun, and none of which half was sent", () => {
  let now = 0;
  vi.spyOn(Date, "now").mockImplementation(() => now);
  const service = new FakeService();
  const { pace, flights } = createEnvironment(
    { api: service.api, line: service.line, pace: { windowMs: 100 } },
    () => undefined,
  );
  const ended: number[] = [];
  for (const percent of [90, 60, 40, 5]) {
    flights.add({
      startedAt: now,
      size: 100 * PERCENT_BYTES,
      sent: percent * PERCENT_BYTES,
      shed: () => ended.push(percent),
    } satisfies Flight);
  }
  // In the five seconds that one part may take, the line sends half of a part.
  now = 1000;
  pace.moved(10 * PERCENT_BYTES, true);
  expect(ended).toEqual([40, 5]);
});

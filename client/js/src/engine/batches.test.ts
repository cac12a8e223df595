import { expect, test } from "vitest";
import { sendDivided } from "./batches.ts";
import { TransferError } from "./errors.ts";
import { createManager, FakeService, fileOf } from "./fakes.ts";

function tooLarge(maxFiles: number | undefined): TransferError {
  return new TransferError("service", "Too large.", { code: "BAD_USER_INPUT", maxFiles });
}

test("divides a batch until each part fits, and keeps the order", async () => {
  const sizes: number[] = [];
  const results = await sendDivided(
    (items: readonly number[]) => {
      sizes.push(items.length);
      const most = items.includes(6) ? 2 : 4;
      return items.length > most
        ? Promise.reject(tooLarge(most))
        : Promise.resolve(items.map(String));
    },
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  expect(results).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  expect(sizes).toEqual([9, 2, 2, 2, 2, 1]);
});

test.each([0, 2, undefined])("does not try again if that can't help (%s)", async (maxFiles) => {
  let calls = 0;
  const sent = sendDivided(() => {
    calls += 1;
    return Promise.reject(tooLarge(maxFiles));
  }, [1, 2]);
  await expect(sent).rejects.toThrow("Too large.");
  expect(calls).toBe(1);
});

test("sends all files although their tickets do not fit into one response", async () => {
  const service = new FakeService();
  service.callFaults.set("requestUploads", [tooLarge(2)]);
  const manager = createManager(service);
  await Promise.all([1, 2, 3, 4, 5].map(() => manager.add(fileOf(5)).done));
  const calls = service.called("requestUploads") as { inputs: unknown[] }[];
  expect(calls.map(({ inputs }) => inputs.length)).toEqual([5, 2, 2, 1]);
  expect(service.uploads.size).toBe(5);
});

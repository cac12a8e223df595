import { expect, test, vi } from "vitest";
import { TransferError } from "./errors.ts";
import { createManager, eventsOf, FakeService, fileOf, statesOf } from "./fakes.ts";

function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}

test("retries a part that the bucket could not accept, and no other", async () => {
  const service = new FakeService();
  service.faults.set(2, [{ status: 503, code: "SlowDown" }, { status: 500 }]);
  await createManager(service).add(fileOf(40)).done;
  expect(sorted(service.sent())).toEqual([1, 2, 2, 2, 3, 4]);
});

test("sends the part that is first in the file before those that have not begun", async () => {
  const service = new FakeService();
  service.held = true;
  service.faults.set(1, [{ status: 503 }]);
  const handle = createManager(service, { pace: { start: 4, max: 4 } }).add(fileOf(80));
  await vi.waitFor(() => expect(service.arrivals).toHaveLength(4));
  service.release(1);
  await vi.waitFor(() => expect(handle.state).toBe("retrying"));
  await new Promise((resolve) => setTimeout(resolve, 50)); // The pause before the retry.
  service.held = false;
  service.release();
  await handle.done;
  expect(service.sent().slice(4, 6)).toContain(1);
});

test("retries a part whose connection broke", async () => {
  const service = new FakeService();
  service.faults.set(3, ["unreachable"]);
  await createManager(service).add(fileOf(40)).done;
  expect(sorted(service.sent())).toEqual([1, 2, 3, 3, 4]);
});

test("treats an existing object as its own, whose response was lost", async () => {
  const service = new FakeService();
  service.faults.set(1, ["lost", { status: 412, code: "PreconditionFailed" }]);
  const handle = createManager(service).add(fileOf(5));
  await expect(handle.done).resolves.toEqual({ uploadId: "upload-1" });
});

test("signs a new URL when the bucket reports an expired one", async () => {
  const service = new FakeService();
  service.faults.set(2, [{ status: 403, code: "AccessDenied" }]);
  await createManager(service).add(fileOf(30)).done;
  const urls = service.called("signParts").flat() as { number: number }[];
  expect(sorted(urls.map(({ number }) => number))).toEqual([1, 2, 2, 3]);
  expect(sorted(service.sent())).toEqual([1, 2, 2, 3]);
});

test("does not use a URL that is about to expire", async () => {
  const service = new FakeService();
  service.held = true;
  const manager = createManager(service, {
    pace: { start: 1, max: 1 },
    settings: { checksumPartMaxBytes: 0 },
  });
  const handle = manager.add(fileOf(20));
  await vi.waitFor(() => expect(service.arrivals).toHaveLength(1));
  const later = Date.now() + 880_000;
  vi.spyOn(Date, "now").mockImplementation(() => later);
  service.held = false;
  service.release();
  await handle.done;
  // One call signs both parts; another one signs the second part again, whose URL had 20 s left.
  expect(service.called("signParts")).toEqual([[{ number: 1 }, { number: 2 }], [{ number: 2 }]]);
  expect(service.sent()).toEqual([1, 2]);
});

test("signs parts although the local clock is a year behind", async () => {
  const service = new FakeService();
  const now = Date.now.bind(Date);
  vi.spyOn(Date, "now").mockImplementation(() => now() - 365 * 24 * 3600 * 1000);
  await createManager(service).add(fileOf(30)).done;
  expect(sorted(service.sent())).toEqual([1, 2, 3]);
});

test("aborts a stalled request and sends the part again", async () => {
  const service = new FakeService();
  service.faults.set(2, ["silent"]);
  const manager = createManager(service, { settings: { stallMs: 200 } });
  await manager.add(fileOf(30)).done;
  expect(sorted(service.sent())).toEqual([1, 2, 2, 3]);
  expect(service.inFlight).toBe(0);
});

test("fails after too many refusals, and sends only the rest after resuming", async () => {
  const service = new FakeService();
  service.faults.set(2, Array<{ status: number }>(3).fill({ status: 500 }));
  const manager = createManager(service, { settings: { tries: 3 } });
  const handle = manager.add(fileOf(30));
  await expect(handle.done).rejects.toMatchObject({ kind: "storage" });
  expect(handle.state).toBe("failed");
  const before = service.sent().filter((number) => number !== 2);
  handle.resume();
  await handle.done;
  expect(handle.state).toBe("stored");
  expect(service.sent().filter((number) => number === 2)).toHaveLength(4);
  expect(sorted(service.sent().filter((number) => number !== 2))).toEqual(sorted([1, 3]));
  expect(before.length).toBeGreaterThan(0);
});

test("does not retry what the bucket will never accept", async () => {
  const service = new FakeService();
  service.faults.set(1, [{ status: 400, code: "EntityTooLarge" }]);
  const handle = createManager(service).add(fileOf(5));
  await expect(handle.done).rejects.toMatchObject({ kind: "storage", code: "EntityTooLarge" });
  expect(service.sent()).toEqual([1]);
});

test("waits while offline, then continues without resending parts that had arrived", async () => {
  const service = new FakeService();
  service.held = true;
  const handle = createManager(service, { pace: { start: 2, max: 2 } }).add(fileOf(60));
  const events = eventsOf(handle);
  await vi.waitFor(() => expect(service.arrivals).toHaveLength(2));
  service.release(1);
  await vi.waitFor(() => expect(handle.progress.bytesSent).toBeGreaterThanOrEqual(10));
  service.setOnline(false);
  service.held = false;
  service.release();
  await vi.waitFor(() => expect(handle.state).toBe("waiting"));
  const received = [...(service.uploads.get("upload-1")?.received.keys() ?? [])];
  const arrivedBefore = service.arrivals.length;
  service.setOnline(true);
  await handle.done;
  expect(received).toHaveLength(1);
  expect(service.sent().slice(arrivedBefore)).not.toContain(received[0]);
  expect(statesOf(events)).toContain("waiting");
  expect(statesOf(events).at(-1)).toBe("stored");
});

test("starts when the browser goes online, however long that takes", async () => {
  const service = new FakeService();
  service.setOnline(false);
  const handle = createManager(service, { settings: { tries: 2 } }).add(fileOf(5));
  await vi.waitFor(() => expect(handle.state).toBe("waiting"));
  await vi.waitFor(() => expect(service.calls.length).toBeGreaterThan(4));
  service.setOnline(true);
  await handle.done;
});

test("probes a bucket that is down with one request at a time", async () => {
  const service = new FakeService();
  for (let number = 1; number <= 6; number++)
    service.faults.set(number, ["unreachable", "unreachable"]);
  const handle = createManager(service, { pace: { start: 6, max: 6 } }).add(fileOf(60));
  await handle.done;
  // Six requests fail together; after that, each attempt is a probe until one succeeds.
  expect(service.arrivals.length).toBeLessThanOrEqual(18);
  expect(new Set(service.sent()).size).toBe(6);
});

test("gives up on a bucket that never responds although the browser is online", async () => {
  const service = new FakeService();
  service.faults.set(1, Array<"unreachable">(100).fill("unreachable"));
  const handle = createManager(service).add(fileOf(5));
  await expect(handle.done).rejects.toMatchObject({ kind: "network" });
  expect(service.arrivals.length).toBeLessThan(60);
});

test("retries failed calls to the service with the same client token", async () => {
  const service = new FakeService();
  const failure = new TypeError("Failed to fetch");
  service.callFaults.set("requestUploads", [failure, failure]);
  service.callFaults.set("signParts", [failure]);
  service.callFaults.set("complete", [failure, failure]);
  await createManager(service).add(fileOf(20)).done;
  const calls = service.called("requestUploads") as { inputs: { clientToken: string }[] }[];
  expect(new Set(calls.map(({ inputs }) => inputs[0]?.clientToken)).size).toBe(1);
  expect(service.uploads.size).toBe(1);
});

test("does not retry a call that the service refused", async () => {
  const service = new FakeService();
  const refusal = new TransferError("service", "Your session has ended.", {
    code: "UNAUTHENTICATED",
  });
  service.callFaults.set("requestUploads", [refusal]);
  const handle = createManager(service).add(fileOf(20));
  await expect(handle.done).rejects.toBe(refusal);
  expect(service.called("requestUploads")).toHaveLength(1);
});

test("waits while the service restarts, however many attempts that takes", async () => {
  const service = new FakeService();
  service.callFaults.set("signParts", Array<Error>(20).fill(new TypeError("Failed to fetch")));
  const handle = createManager(service, { settings: { tries: 3 } }).add(fileOf(20));
  const events = eventsOf(handle);
  await handle.done;
  expect(statesOf(events)).toContain("waiting");
});

test("gives up on a call that keeps failing while the service responds", async () => {
  const service = new FakeService();
  service.callFaults.set("complete", Array<Error>(2).fill(new Error("INTERNAL")));
  const manager = createManager(service, { settings: { tries: 2 } });
  const handle = manager.add(fileOf(5));
  await expect(handle.done).rejects.toMatchObject({ kind: "service" });
  handle.resume();
  await handle.done;
  expect(service.sent()).toEqual([1]);
});

test("fails in the end if the service can't be reached", async () => {
  const service = new FakeService();
  service.callFaults.set("complete", Array<Error>(28).fill(new TypeError("Failed to fetch")));
  const handle = createManager(service).add(fileOf(5));
  await expect(handle.done).rejects.toMatchObject({ kind: "service" });
  handle.resume();
  await handle.done;
  expect(service.sent()).toEqual([1]);
});

test("resends parts that the service reports missing", async () => {
  const service = new FakeService();
  const handle = createManager(service).add(fileOf(40));
  service.results.push({ code: "UPLOAD_INCOMPLETE", message: "", missingParts: [2, 4] });
  await handle.done;
  expect(sorted(service.sent())).toEqual([1, 2, 2, 3, 4, 4]);
});

test("gives up on parts that the bucket keeps losing", async () => {
  const service = new FakeService();
  const missing = { code: "UPLOAD_INCOMPLETE", message: "", missingParts: [1] };
  service.results.push(missing, missing, missing, missing);
  await expect(createManager(service).add(fileOf(5)).done).rejects.toMatchObject({
    kind: "storage",
  });
  expect(service.sent()).toEqual([1, 1, 1]);
});

test("waits for a service that is still verifying the file", async () => {
  const service = new FakeService();
  service.results.push({ status: "PENDING" }, { status: "PENDING" });
  await createManager(service).add(fileOf(5)).done;
  expect(service.called("complete")).toHaveLength(3);
});

test.each([
  ["UPLOAD_REJECTED", "rejected"],
  ["UPLOAD_CLOSED", "closed"],
  ["UPLOAD_NOT_FOUND", "closed"],
])("fails if completing returns %s", async (code, kind) => {
  const service = new FakeService();
  service.results.push({ code, message: "The reason." });
  const handle = createManager(service).add(fileOf(5));
  await expect(handle.done).rejects.toMatchObject({ kind, code, message: "The reason." });
});

test("asks the service when the bucket no longer has the upload", async () => {
  const service = new FakeService();
  service.faults.set(1, [{ status: 404, code: "NoSuchUpload" }]);
  service.results.push({ status: "STORED" });
  await createManager(service).add(fileOf(20)).done;
});

test("reports a file that can't be read any more", async () => {
  const service = new FakeService();
  const file = fileOf(5);
  service.faults.set(1, ["unreachable"]);
  vi.spyOn(Blob.prototype, "arrayBuffer").mockRejectedValue(
    new DOMException("", "NotReadableError"),
  );
  const handle = createManager(service).add(file);
  await expect(handle.done).rejects.toMatchObject({ kind: "file" });
  expect(service.sent()).toEqual([1]);
});

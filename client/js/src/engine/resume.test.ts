import { expect, test, vi } from "vitest";
import { createManager, eventsOf, FakeService, fileOf, statesOf } from "./fakes.ts";

function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}

test("sends only the missing parts of another page's upload", async () => {
  const service = new FakeService();
  const uploadId = service.request(50);
  for (const number of [1, 2, 4]) service.uploads.get(uploadId)?.received.set(number, 10);
  const handle = createManager(service).add(fileOf(50), { uploadId });
  const events = eventsOf(handle);
  await expect(handle.done).resolves.toEqual({ uploadId });
  expect(sorted(service.sent())).toEqual([3, 5]);
  expect(service.called("requestUploads")).toEqual([]);
  expect(events.find(({ type }) => type === "progress")).toMatchObject({ bytesSent: 30 });
});

test("finds an earlier upload by its client token", async () => {
  const service = new FakeService();
  const uploadId = service.request(30, "mine");
  service.uploads.get(uploadId)?.received.set(2, 10);
  const handle = createManager(service).add(fileOf(30), { clientToken: "mine" });
  await expect(handle.done).resolves.toEqual({ uploadId });
  expect(sorted(service.sent())).toEqual([1, 3]);
});

test("sends nothing for an upload that is stored", async () => {
  const service = new FakeService();
  const uploadId = service.request(30, "mine");
  Object.assign(service.uploads.get(uploadId) ?? {}, { status: "STORED" });
  const manager = createManager(service);
  await manager.add(fileOf(30), { uploadId }).done;
  await manager.add(fileOf(30), { clientToken: "mine" }).done;
  expect(service.sent()).toEqual([]);
});

test("does not resend a small file that had arrived", async () => {
  const service = new FakeService();
  const uploadId = service.request(5);
  service.uploads.get(uploadId)?.received.set(1, 5);
  await createManager(service).add(fileOf(5), { uploadId }).done;
  expect(service.sent()).toEqual([]);
});

test("sends a small file that had not arrived", async () => {
  const service = new FakeService();
  const uploadId = service.request(5);
  await createManager(service).add(fileOf(5), { uploadId }).done;
  expect(service.sent()).toEqual([1]);
});

test.each([[true], [false]])(
  "uses checksums as the client that began the upload did: %s",
  async (checksums) => {
    const service = new FakeService();
    const uploadId = service.request(30);
    Object.assign(service.uploads.get(uploadId) ?? {}, { checksums });
    await createManager(service).add(fileOf(30), { uploadId }).done;
    expect(service.arrivals.every(({ checksum }) => (checksum !== null) === checksums)).toBe(true);
    expect(sorted(service.sent())).toEqual([1, 2, 3]);
  },
);

test("refuses a file whose size differs from the upload's", async () => {
  const service = new FakeService();
  const uploadId = service.request(30);
  const handle = createManager(service).add(fileOf(31), { uploadId });
  await expect(handle.done).rejects.toMatchObject({ kind: "file" });
  expect(service.sent()).toEqual([]);
});

test("fails if the upload is closed or does not exist", async () => {
  const service = new FakeService();
  const uploadId = service.request(30);
  Object.assign(service.uploads.get(uploadId) ?? {}, { status: "EXPIRED" });
  const manager = createManager(service);
  const closed = manager.add(fileOf(30), { uploadId }).done;
  const unknown = manager.add(fileOf(30), { uploadId: "nothing" }).done;
  await expect(closed).rejects.toMatchObject({ kind: "closed", code: "EXPIRED" });
  await expect(unknown).rejects.toMatchObject({ kind: "closed" });
});

test("lets the parts finish that are being sent when it is paused", async () => {
  const service = new FakeService();
  service.held = true;
  const handle = createManager(service, { pace: { start: 2, max: 2 } }).add(fileOf(60));
  await vi.waitFor(() => expect(service.arrivals).toHaveLength(2));
  service.release(1);
  await vi.waitFor(() => expect(service.arrivals).toHaveLength(3));
  handle.pause();
  expect(handle.state).toBe("paused");
  service.release();
  await vi.waitFor(() => expect(handle.progress.bytesSent).toBe(30));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(service.inFlight).toBe(0);
  expect(service.arrivals).toHaveLength(3);
  expect(handle.state).toBe("paused");
  service.held = false;
  handle.resume();
  await handle.done;
  expect(sorted(service.sent())).toEqual([1, 2, 3, 4, 5, 6]);
  expect(statesOf(eventsOf(handle)).at(-1)).toBe("stored");
});

test("continues while parts from before the pause are still being sent", async () => {
  const service = new FakeService();
  service.held = true;
  const handle = createManager(service, { pace: { start: 2, max: 2 } }).add(fileOf(60));
  await vi.waitFor(() => expect(service.arrivals).toHaveLength(2));
  handle.pause();
  handle.resume();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(service.arrivals).toHaveLength(2);
  service.held = false;
  service.release();
  await handle.done;
  expect(sorted(service.sent())).toEqual([1, 2, 3, 4, 5, 6]);
});

test("does not send a part again that fails during a pause until it is resumed", async () => {
  const service = new FakeService();
  service.held = true;
  service.faults.set(1, [{ status: 503, code: "SlowDown" }]);
  const handle = createManager(service, { pace: { start: 1, max: 1 } }).add(fileOf(30));
  await vi.waitFor(() => expect(service.arrivals).toHaveLength(1));
  const [first] = service.sent();
  service.faults.set(first ?? 0, [{ status: 503, code: "SlowDown" }]);
  handle.pause();
  service.held = false;
  service.release();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(service.arrivals).toHaveLength(1);
  expect(handle.state).toBe("paused");
  handle.resume();
  await handle.done;
  expect(sorted([...new Set(service.sent())])).toEqual([1, 2, 3]);
});

test("can be paused and resumed at any moment", async () => {
  for (let turns = 0; turns < 40; turns++) {
    const service = new FakeService();
    const handle = createManager(service).add(fileOf(40));
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    handle.pause();
    const paused = handle.state === "paused";
    handle.resume();
    await handle.done;
    expect(handle.state).toBe("stored");
    expect(service.uploads.size).toBe(1);
    expect(paused || service.sent().length === 4).toBe(true);
    for (const part of [1, 2, 3, 4]) {
      expect(service.sent().filter((number) => number === part).length).toBeLessThanOrEqual(2);
    }
  }
});

test("leaves the bandwidth to other files while paused", async () => {
  const service = new FakeService();
  service.held = true;
  const manager = createManager(service, { pace: { start: 1, max: 1 } });
  const first = manager.add(fileOf(30));
  await vi.waitFor(() => expect(service.arrivals).toHaveLength(1));
  first.pause();
  service.held = false;
  service.release();
  await manager.add(fileOf(30)).done;
  expect(first.state).toBe("paused");
});

test("stops sending on cancel, and cancels the upload in the service", async () => {
  const service = new FakeService();
  service.held = true;
  const handle = createManager(service).add(fileOf(200));
  await vi.waitFor(() => expect(service.arrivals.length).toBeGreaterThan(0));
  const before = service.arrivals.length;
  await handle.cancel();
  await expect(handle.done).rejects.toMatchObject({ kind: "cancelled" });
  expect(service.called("cancel")).toEqual(["upload-1"]);
  expect(service.uploads.get("upload-1")?.status).toBe("CANCELLED");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(service.inFlight).toBe(0);
  expect(service.arrivals.length).toBe(before);
  expect(handle.state).toBe("cancelled");
});

test("cancels an upload whose request is in flight", async () => {
  const service = new FakeService();
  const handle = createManager(service).add(fileOf(50));
  while (service.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await handle.cancel();
  expect(service.called("cancel")).toEqual(["upload-1"]);
  expect(service.sent()).toEqual([]);
});

test("retries a cancellation that did not reach the service", async () => {
  const service = new FakeService();
  service.callFaults.set("cancel", [new TypeError("Failed to fetch")]);
  const uploadId = service.request(30);
  await createManager(service).add(fileOf(30), { uploadId }).cancel();
  expect(service.uploads.get(uploadId)?.status).toBe("CANCELLED");
});

test("stops everything when the manager closes, and cancels nothing", async () => {
  const service = new FakeService();
  service.held = true;
  const manager = createManager(service);
  manager.add(fileOf(50));
  manager.add(fileOf(5));
  await vi.waitFor(() => expect(service.arrivals.length).toBeGreaterThan(2));
  manager.close();
  expect(service.called("cancel")).toEqual([]);
  expect(service.inFlight).toBe(0);
});

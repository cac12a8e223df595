import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { createManager, eventsOf, FakeService, fileOf, statesOf } from "./fakes.ts";

test("sends every part once and completes", async () => {
  const service = new FakeService();
  const handle = createManager(service).add(fileOf(95));
  const events = eventsOf(handle);
  await expect(handle.done).resolves.toEqual({ uploadId: "upload-1" });
  expect(service.sent().sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(service.arrivals.map(({ bytes }) => bytes).sort((a, b) => a - b)[0]).toBe(5);
  expect(service.uploads.get("upload-1")?.status).toBe("STORED");
  expect(statesOf(events)).toEqual(
    ["requesting", "queued", "hashing", "uploading", "completing", "stored"], // prettier-ignore
  );
  expect(events.findLast(({ type }) => type === "progress")).toMatchObject({
    bytesSent: 95,
    bytesTotal: 95,
  });
});

test("signs the SHA-256 of each part's own bytes", async () => {
  const service = new FakeService();
  const file = fileOf(25);
  await createManager(service).add(file).done;
  const bytes = Buffer.from(await file.arrayBuffer());
  for (const { number, checksum } of service.arrivals) {
    const part = bytes.subarray((number - 1) * 10, number * 10);
    expect(checksum).toBe(createHash("sha256").update(part).digest("base64"));
  }
});

test("reads each part once", async () => {
  const service = new FakeService();
  const file = fileOf(40);
  const slice = vi.spyOn(file, "slice");
  const read = vi.spyOn(Blob.prototype, "arrayBuffer");
  await createManager(service).add(file).done;
  expect(read).toHaveBeenCalledTimes(4);
  expect(slice.mock.calls.length).toBeGreaterThanOrEqual(4);
});

test("requests many small files in few calls, and needs no further calls to send them", async () => {
  const service = new FakeService();
  const manager = createManager(service);
  const handles = Array.from({ length: 200 }, (_, index) => manager.add(fileOf(10, `${index}`)));
  await Promise.all(handles.map(({ done }) => done));
  expect(service.called("requestUploads")).toHaveLength(4);
  expect(service.called("signParts")).toHaveLength(0);
  expect(service.called("received")).toHaveLength(0);
  expect(service.arrivals).toHaveLength(200);
  const completed = service.called("complete") as string[][];
  expect(completed.flat()).toHaveLength(200);
  expect(Math.max(...completed.map((ids) => ids.length))).toBeLessThanOrEqual(100);
  expect(completed.length).toBeLessThan(100);
});

test("requests few files at first, so that their bytes are soon sent, then up to 250", async () => {
  const service = new FakeService();
  const manager = createManager(service);
  const handles = Array.from({ length: 1001 }, () => manager.add(fileOf(1)));
  await Promise.all(handles.map(({ done }) => done));
  const sizes = (service.called("requestUploads") as { inputs: unknown[] }[]).map(
    ({ inputs }) => inputs.length,
  );
  expect(sizes).toEqual([25, 50, 100, 200, 250, 250, 126]);
});

test("passes the file's options to the service", async () => {
  const service = new FakeService();
  const options = { tags: ["sea"], clientToken: "mine", contentType: "image/png", filename: "new" };
  await createManager(service).add(fileOf(1), options).done;
  const [call] = service.called("requestUploads") as { inputs: unknown[] }[];
  expect(call?.inputs).toEqual([
    { filename: "new", size: 1, tags: ["sea"], clientToken: "mine", contentType: "image/png" },
  ]);
});

test("sends an empty file", async () => {
  const service = new FakeService();
  await createManager(service).add(fileOf(0)).done;
  expect(service.arrivals).toMatchObject([{ number: 1, bytes: 0 }]);
});

test("sends small files before a large one that was added first", async () => {
  const service = new FakeService();
  service.held = true;
  const manager = createManager(service, { pace: { start: 1, max: 1 } });
  const large = manager.add(fileOf(60));
  await vi.waitFor(() => expect(service.arrivals).toHaveLength(1));
  const small = manager.add(fileOf(5));
  await vi.waitFor(() => expect(service.called("requestUploads")).toHaveLength(2));
  await vi.waitFor(() => expect(small.state).not.toBe("requesting"));
  service.held = false;
  service.release();
  await Promise.all([large.done, small.done]);
  const order = service.arrivals.map(({ uploadId }) => uploadId);
  // Parts already in the pipeline go first; the rest of the large file follows the small one.
  expect(order.indexOf("upload-2")).toBeLessThanOrEqual(2);
});

test("never sends more parts at once than the pace allows", async () => {
  const service = new FakeService();
  const manager = createManager(service, { pace: { start: 3, max: 3 } });
  await Promise.all([manager.add(fileOf(300)).done, manager.add(fileOf(300)).done]);
  expect(service.maxInFlight).toBe(3);
});

test("keeps no more bytes in memory than allowed", async () => {
  const service = new FakeService();
  let reading = 0;
  let most = 0;
  vi.spyOn(Blob.prototype, "arrayBuffer").mockImplementation(async function (this: Blob) {
    most = Math.max(most, ++reading);
    await new Promise((resolve) => setTimeout(resolve, 2));
    const bytes = await new Response(this).arrayBuffer();
    reading -= 1;
    return bytes;
  });
  const manager = createManager(service, { settings: { memoryBytes: 40 } });
  await manager.add(fileOf(200)).done;
  expect(most).toBe(4);
});

test("sends all parts without checksums if they are too large to hash", async () => {
  const service = new FakeService();
  const read = vi.spyOn(Blob.prototype, "arrayBuffer");
  const manager = createManager(service, { settings: { checksumPartMaxBytes: 9 } });
  await manager.add(fileOf(100)).done;
  expect(service.arrivals.every(({ checksum }) => checksum === null)).toBe(true);
  expect(read).not.toHaveBeenCalled();
  expect(service.called("signParts")).toHaveLength(1);
});

test("reports a refusal unchanged, and continues with the other files", async () => {
  const service = new FakeService();
  const manager = createManager(service);
  const refused = manager.add(fileOf(5, "refused.png"));
  const events = eventsOf(refused);
  const other = manager.add(fileOf(5));
  await expect(refused.done).rejects.toMatchObject({
    ...{ name: "TransferError", kind: "refused", code: "QUOTA_EXCEEDED", message: "No room." },
  });
  await other.done;
  expect(refused.state).toBe("failed");
  expect(events.at(-1)).toMatchObject({ type: "error", error: { kind: "refused" } });
});

import { expect, test, vi } from "vitest";
import type { EngineOptions } from "./engine/setup.ts";
import { FakeService, fileOf, optionsFor } from "./engine/fakes.ts";
import { TransferError } from "./engine/index.ts";
import type { ChosenFile } from "./files.ts";
import type { UploadsOptions } from "./types.ts";
import { createUploads } from "./uploads.ts";

function queueOf(service: FakeService, options: Partial<EngineOptions & UploadsOptions> = {}) {
  return createUploads({ ...options, ...optionsFor(service, options) });
}

/** Wait until nothing is left to send. */
async function finished(uploads: ReturnType<typeof queueOf>): Promise<void> {
  await vi.waitFor(() => expect(uploads.snapshot.unfinished).toBe(0), { timeout: 20_000 });
}

function at(path: string, bytes = 5): ChosenFile {
  return { file: fileOf(bytes, path.slice(path.lastIndexOf("/") + 1)), path };
}

test("sends all files, and sums up their bytes", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  await uploads.add([fileOf(35, "a"), fileOf(5, "b"), fileOf(0, "c")]);
  await finished(uploads);
  expect(uploads.snapshot).toMatchObject({ files: 3, bytesSent: 40, bytesTotal: 40 });
  expect(uploads.snapshot.counts).toMatchObject({ stored: 3, failed: 0 });
  expect([...service.uploads.values()].map(({ status }) => status)).toEqual(
    Array(3).fill("STORED"),
  );
});

test("sends the first of many files, and lets the page work, before the last is added", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  // As if each file took a millisecond to be read.
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now++);
  const added: number[] = [];
  const turns = setInterval(() => added.push(uploads.snapshot.files));
  const files = Array.from({ length: 2000 }, (_, number) => fileOf(1, `${number}`));
  const adding = uploads.add(files);
  await vi.waitFor(() => expect(service.arrivals.length).toBeGreaterThan(0));
  expect(uploads.snapshot.files).toBeLessThan(2000);
  await adding;
  clearInterval(turns);
  expect(added.length).toBeGreaterThan(2);
  await finished(uploads);
  expect(uploads.snapshot.counts.stored).toBe(2000);
});

test("adds no more files once all are cancelled", async () => {
  const service = new FakeService();
  service.held = true;
  const uploads = queueOf(service);
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now++);
  const adding = uploads.add(Array.from({ length: 500 }, (_, number) => fileOf(1, `${number}`)));
  await vi.waitFor(() => expect(uploads.snapshot.files).toBeGreaterThan(0));
  await uploads.cancel();
  await adding;
  expect(uploads.snapshot.files).toBe(0);
});

test("keeps files apart that differ in their folder only", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  await uploads.add([at("one/index.html"), at("two/index.html")]);
  await finished(uploads);
  const names = (service.called("requestUploads") as { inputs: { filename: string }[] }[])
    .flatMap(({ inputs }) => inputs)
    .map(({ filename }) => filename);
  expect(names).toEqual(["one/index.html", "two/index.html"]);
});

test("sends a file once that is added again while it is being sent", async () => {
  const service = new FakeService();
  service.held = true;
  const uploads = queueOf(service);
  const [first] = await uploads.add([fileOf(25)]);
  const [again] = await uploads.add([fileOf(25)]);
  expect(again?.id).toBe(first?.id);
  expect(uploads.snapshot).toMatchObject({ files: 1, skipped: 1 });
  service.held = false;
  service.release();
  await finished(uploads);
  expect(uploads.find(first?.id ?? "")?.state).toBe("stored");
  expect(service.uploads.size).toBe(1);
});

test("sends both of two files that have the same name, size and time but other bytes", async () => {
  const service = new FakeService();
  service.held = true;
  const uploads = queueOf(service);
  await uploads.add([fileOf(5)]);
  await uploads.add([new File([new Uint8Array(5).fill(9)], "file.bin", { lastModified: 1 })]);
  service.held = false;
  service.release();
  await finished(uploads);
  expect(uploads.snapshot.counts.stored).toBe(2);
});

test("sends a stored file again if the user adds it again", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  await uploads.add([fileOf(5)]);
  await finished(uploads);
  await uploads.add([fileOf(5)]);
  await finished(uploads);
  expect(uploads.snapshot.counts.stored).toBe(2);
});

test("skips and counts what systems leave in folders", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  await uploads.add([at("a/.DS_Store"), at("a/Thumbs.db"), at("a/photo.jpg")]);
  await finished(uploads);
  expect(uploads.snapshot).toMatchObject({ files: 1, skipped: 2 });
});

test("drops leading folders of a path that is too long for the service", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  await uploads.add([at(`${"folder/".repeat(50)}photo.jpg`)]);
  const name = uploads.at(0)?.name ?? "";
  expect(name.length).toBeLessThanOrEqual(255);
  expect(name).toMatch(/^folder\/.*\/photo\.jpg$/);
});

test("refuses files as its options say, without asking the service", async () => {
  const service = new FakeService();
  const uploads = queueOf(service, { accept: "image/*,.pdf", maxFileBytes: 10 });
  const png = new File(["x"], "a.png", { type: "image/png" });
  await uploads.add([png, new File(["x"], "b.PDF"), fileOf(3, "c.exe"), fileOf(11, "d.pdf")]);
  await finished(uploads);
  const problems = [0, 1].map((index) => uploads.at(index)?.problem?.code);
  expect(problems).toEqual(["UNSUPPORTED_MEDIA_TYPE", "FILE_TOO_LARGE"]);
  expect(uploads.snapshot.counts).toMatchObject({ stored: 2, failed: 2 });
  expect(service.uploads.size).toBe(2);
});

test("lists what needs attention first, then what is being sent, queued and stored", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  await uploads.add([fileOf(5, "done")]);
  await finished(uploads);
  service.held = true;
  await uploads.add([fileOf(5, "sent"), fileOf(5, "refused")]);
  await vi.waitFor(() => expect(uploads.snapshot.counts.failed).toBe(1));
  const names = [0, 1, 2, 3].map((index) => uploads.at(index)?.name);
  expect(names).toEqual(["refused", "sent", "done", undefined]);
});

test("pauses and resumes everything, also what has not begun", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  uploads.pause();
  await uploads.add([fileOf(5), fileOf(6)]);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(service.calls).toEqual([]);
  expect(uploads.snapshot).toMatchObject({ paused: true, unfinished: 2, bytesPerSecond: 0 });
  uploads.resume();
  await finished(uploads);
  expect(uploads.snapshot.counts.stored).toBe(2);
});

test("pauses one file, and sends the others", async () => {
  const service = new FakeService();
  service.held = true;
  const uploads = queueOf(service);
  const [one] = await uploads.add([fileOf(5, "one"), fileOf(5, "two")]);
  const { id = "" } = one ?? {};
  await vi.waitFor(() => expect(uploads.find(id)?.state).toBe("uploading"));
  uploads.pause(id);
  service.held = false;
  service.release();
  await vi.waitFor(() => expect(uploads.snapshot.counts.stored).toBe(1));
  expect(uploads.find(id)?.state).toBe("paused");
  expect(uploads.at(0)?.id).toBe(id);
  uploads.resume(id);
  await finished(uploads);
  expect(service.arrivals).toHaveLength(2);
});

test("does not resume one paused file with the others that were never paused", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  uploads.pause();
  const [one] = await uploads.add([fileOf(5, "one"), fileOf(5, "two")]);
  uploads.pause(one?.id);
  expect(uploads.find(one?.id ?? "")?.state).toBe("paused");
  uploads.resume();
  await finished(uploads);
  expect(uploads.snapshot.counts.stored).toBe(2);
});

test("retries failed files, and sends only what is missing", async () => {
  const service = new FakeService();
  service.faults.set(2, [{ status: 400, code: "Broken" }]);
  const uploads = queueOf(service);
  await uploads.add([fileOf(30)]);
  await vi.waitFor(() => expect(uploads.snapshot.counts.failed).toBe(1));
  expect(uploads.snapshot).toMatchObject({ bytesTotal: 0, bytesSent: 0 });
  uploads.retry();
  await finished(uploads);
  expect(uploads.snapshot.counts).toMatchObject({ failed: 0, stored: 1 });
  expect(service.sent().filter((number) => number === 2)).toHaveLength(2);
  expect(service.sent()).toHaveLength(4);
});

test("shows why a file is tried again, and tries at once if told to", async () => {
  const service = new FakeService();
  service.faults.set(1, [{ status: 503, code: "SlowDown" }]);
  const uploads = queueOf(service, {
    settings: { backoff: { baseMs: 1e6, capMs: 1e6 } },
    random: () => 1,
  });
  const [item] = await uploads.add([fileOf(5)]);
  const { id = "" } = item ?? {};
  await vi.waitFor(() => expect(uploads.find(id)?.state).toBe("retrying"));
  expect(uploads.find(id)?.problem?.message).toContain("SlowDown");
  expect(uploads.snapshot.secondsLeft).toBeUndefined();
  uploads.retry(id);
  await finished(uploads);
  expect(uploads.find(id)).toMatchObject({ state: "stored", problem: undefined });
});

test("cancels a file for good", async () => {
  const service = new FakeService();
  service.held = true;
  const uploads = queueOf(service);
  const [item] = await uploads.add([fileOf(50), fileOf(5, "other")]);
  const { id = "" } = item ?? {};
  await vi.waitFor(() => expect(service.arrivals.length).toBeGreaterThan(1));
  await uploads.cancel(id);
  expect(uploads.find(id)).toBeUndefined();
  uploads.resume(id);
  uploads.retry(id);
  service.held = false;
  service.release();
  await finished(uploads);
  expect(uploads.snapshot).toMatchObject({ files: 1, bytesTotal: 5 });
  expect([...service.uploads.values()].map(({ status }) => status).sort()).toEqual(
    ["CANCELLED", "STORED"], // prettier-ignore
  );
});

test("cancels everything, and leaves what is stored", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  await uploads.add([fileOf(5, "stored")]);
  await finished(uploads);
  service.held = true;
  await uploads.add(Array.from({ length: 700 }, (_, n) => fileOf(5, String(n))));
  await uploads.cancel();
  expect(uploads.snapshot.files).toBe(0);
  const statuses = [...service.uploads.values()].map(({ status }) => status);
  expect(statuses.filter((status) => status === "STORED")).toHaveLength(1);
  expect(statuses).not.toContain("PENDING");
});

test("stops as a whole when the session ends, and continues after signing in", async () => {
  const service = new FakeService();
  const ended = new TransferError("service", "No.", { code: "UNAUTHENTICATED" });
  service.callFaults.set("requestUploads", [ended]);
  const uploads = queueOf(service);
  await uploads.add([fileOf(5, "a"), fileOf(5, "b")]);
  await vi.waitFor(() => expect(uploads.snapshot.problem?.code).toBe("UNAUTHENTICATED"));
  expect(uploads.snapshot).toMatchObject({ paused: true, unfinished: 2 });
  uploads.resume();
  await finished(uploads);
  expect(uploads.snapshot).toMatchObject({ paused: false, problem: undefined });
  expect(uploads.snapshot.counts.stored).toBe(2);
});

test("has a bounded number of files in the works, however many are added", async () => {
  const service = new FakeService();
  service.held = true;
  const uploads = queueOf(service);
  await uploads.add(Array.from({ length: 3000 }, (_, n) => fileOf(1, String(n))));
  // The next ones begin when half of them are done.
  await vi.waitFor(() => expect(service.uploads.size).toBeGreaterThan(250));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(service.uploads.size).toBeLessThanOrEqual(500);
  service.held = false;
  service.release();
  await finished(uploads);
  expect(uploads.snapshot.counts.stored).toBe(3000);
  const calls = service.called("requestUploads") as { inputs: unknown[] }[];
  expect(calls.length).toBeLessThan(30);
});

test("tells listeners of many changes together, and creates only the items that are read", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  const listener = vi.fn(() => void uploads.at(0));
  uploads.subscribe(listener);
  const began = Date.now();
  await uploads.add(Array.from({ length: 2000 }, (_, n) => fileOf(1, String(n))));
  await finished(uploads);
  const ticks = (Date.now() - began) / 100;
  expect(listener.mock.calls.length).toBeLessThanOrEqual(ticks + 2);
});

test("returns the same item until it changes", async () => {
  const service = new FakeService();
  service.held = true;
  const uploads = queueOf(service);
  const [added] = await uploads.add([fileOf(25)]);
  const { id = "" } = added ?? {};
  await vi.waitFor(() => expect(uploads.find(id)?.state).toBe("uploading"));
  const item = uploads.find(id);
  expect(uploads.find(id)).toBe(item);
  service.held = false;
  service.release();
  await finished(uploads);
  expect(uploads.find(id)).not.toBe(item);
});

test("forgets stored files when told to", async () => {
  const service = new FakeService();
  const uploads = queueOf(service);
  await uploads.add([fileOf(5, "a"), fileOf(5, "refused")]);
  await finished(uploads);
  uploads.clear();
  expect(uploads.snapshot).toMatchObject({ files: 1, bytesTotal: 0, bytesSent: 0 });
});

test("does not retry what it refused itself, and leaves paused files paused", async () => {
  const service = new FakeService();
  service.faults.set(1, [{ status: 400, code: "Broken" }]);
  const uploads = queueOf(service, { maxFileBytes: 10 });
  uploads.pause();
  const [paused] = await uploads.add([fileOf(6, "paused"), fileOf(11, "large")]);
  uploads.pause(paused?.id);
  uploads.resume();
  uploads.pause(paused?.id);
  await uploads.add([fileOf(5, "broken")]);
  await vi.waitFor(() => expect(uploads.snapshot.counts.failed).toBe(2));
  uploads.retry();
  await vi.waitFor(() => expect(uploads.snapshot.counts.stored).toBe(1));
  expect(uploads.snapshot.counts).toMatchObject({ failed: 1, paused: 1 });
  expect(uploads.at(0)?.name).toBe("large");
});

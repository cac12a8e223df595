import { Uppy, type UppyFile, type Meta } from "@uppy/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { FakeService, fileOf, optionsFor } from "./engine/fakes.ts";
import { TransferError } from "./engine/index.ts";
import { MediaUpload } from "./uppy.ts";

type Body = Record<string, never>;

function uppyOf(service: FakeService): Uppy {
  const uppy = new Uppy({ logger: { debug: noop, warn: noop, error: noop } });
  uppy.use(MediaUpload, optionsFor(service));
  onTestFinished(() => uppy.destroy());
  return uppy;
}

function noop(): void {
  // Uppy logs failures, which tests cause.
}

function add(uppy: Uppy, file: File, relativePath?: string): string {
  const meta = relativePath === undefined ? {} : { relativePath };
  return uppy.addFile({ name: file.name, type: file.type, data: file, meta });
}

function stateOf(uppy: Uppy, id: string): UppyFile<Meta, Body> {
  return uppy.getFile(id);
}

function requested(service: FakeService): string[] {
  return (service.called("requestUploads") as { inputs: { filename: string }[] }[])
    .flatMap(({ inputs }) => inputs)
    .map(({ filename }) => filename)
    .sort();
}

test("uploads files, and reports their progress and ids", async () => {
  const service = new FakeService();
  const uppy = uppyOf(service);
  const progress = vi.fn();
  uppy.on("upload-progress", progress);
  const id = add(uppy, fileOf(35, "film.bin"));
  add(uppy, fileOf(5, "notes.txt"));
  const result = await uppy.upload();
  expect(result?.successful).toHaveLength(2);
  expect(stateOf(uppy, id).response?.body).toEqual({
    uploadId: [...service.uploads].find(([, { size }]) => size === 35)?.[0],
  });
  expect(stateOf(uppy, id).progress).toMatchObject({ uploadComplete: true, bytesUploaded: 35 });
  expect(progress).toHaveBeenCalled();
});

test("names files with their folders, as the user renamed them", async () => {
  const service = new FakeService();
  const uppy = uppyOf(service);
  add(uppy, fileOf(5, "a.txt"), "one/a.txt");
  uppy.setFileMeta(add(uppy, fileOf(6, "b.txt"), "one/b.txt"), { name: "c.txt" });
  await uppy.upload();
  expect(requested(service)).toEqual(["one/a.txt", "one/c.txt"]);
});

test("a failure has its reason, and a retry sends only the missing part", async () => {
  const service = new FakeService();
  const uppy = uppyOf(service);
  service.faults.set(2, [{ status: 400, code: "InvalidRequest" }]);
  const id = add(uppy, fileOf(20, "film.bin"));
  const failed = await uppy.upload();
  expect(failed?.failed).toHaveLength(1);
  expect(stateOf(uppy, id).error).toBeTruthy();
  const result = await uppy.retryAll();
  expect(result?.successful).toHaveLength(1);
  expect(stateOf(uppy, id).error).toBeNull();
  expect(service.uploads.size).toBe(1);
  expect(service.sent().sort()).toEqual([1, 2, 2]);
});

test("the retry of an upload that has expired begins another one", async () => {
  const service = new FakeService();
  const uppy = uppyOf(service);
  service.results.push({ code: "UPLOAD_CLOSED", message: "It has expired." });
  const id = add(uppy, fileOf(5, "notes.txt"));
  await uppy.upload();
  expect(stateOf(uppy, id).error).toBe("It has expired.");
  const result = await uppy.retryUpload(id);
  expect(result?.successful).toHaveLength(1);
  expect(service.uploads.size).toBe(2);
});

test("pauses and resumes all files", async () => {
  const service = new FakeService();
  service.held = true;
  const uppy = uppyOf(service);
  const id = add(uppy, fileOf(200, "film.bin"));
  const uploading = uppy.upload();
  await vi.waitFor(() => expect(service.inFlight).toBeGreaterThan(0));
  uppy.pauseAll();
  service.held = false;
  service.release();
  await vi.waitFor(() => expect(service.inFlight).toBe(0));
  expect(service.sent().length).toBeLessThan(20);
  expect(stateOf(uppy, id).progress.uploadComplete).toBe(false);
  uppy.resumeAll();
  expect((await uploading)?.successful).toHaveLength(1);
});

test("pauses and resumes one file, while the others go on", async () => {
  const service = new FakeService();
  service.held = true;
  const uppy = uppyOf(service);
  const id = add(uppy, fileOf(200, "film.bin"));
  const other = add(uppy, fileOf(5, "notes.txt"));
  const uploading = uppy.upload();
  await vi.waitFor(() => expect(service.inFlight).toBeGreaterThan(1));
  uppy.pauseResume(id);
  service.held = false;
  service.release();
  await vi.waitFor(() => expect(stateOf(uppy, other).progress.uploadComplete).toBe(true));
  expect(stateOf(uppy, id).progress.uploadComplete).toBe(false);
  uppy.pauseResume(id);
  expect((await uploading)?.successful).toHaveLength(2);
});

test("removing a file cancels its upload, and the others go on", async () => {
  const service = new FakeService();
  service.held = true;
  const uppy = uppyOf(service);
  const id = add(uppy, fileOf(200, "film.bin"));
  add(uppy, fileOf(5, "notes.txt"));
  const uploading = uppy.upload();
  await vi.waitFor(() => expect(service.inFlight).toBeGreaterThan(1));
  uppy.removeFile(id);
  service.held = false;
  service.release();
  expect((await uploading)?.successful).toHaveLength(1);
  await vi.waitFor(() => expect(service.called("cancel")).toHaveLength(1));
});

test("cancelling everything cancels all uploads", async () => {
  const service = new FakeService();
  service.held = true;
  const uppy = uppyOf(service);
  add(uppy, fileOf(20, "film.bin"));
  add(uppy, fileOf(5, "notes.txt"));
  const uploading = uppy.upload();
  await vi.waitFor(() => expect(service.inFlight).toBeGreaterThan(1));
  uppy.cancelAll();
  await uploading;
  await vi.waitFor(() => expect(service.called("cancel")).toHaveLength(2));
  expect(uppy.getFiles()).toEqual([]);
});

test("the end of a session pauses all files, and resuming continues them", async () => {
  const service = new FakeService();
  const ended = new TransferError("service", "No.", { code: "UNAUTHENTICATED" });
  service.callFaults.set("requestUploads", [ended]);
  const uppy = uppyOf(service);
  const id = add(uppy, fileOf(5, "notes.txt"));
  const uploading = uppy.upload();
  await vi.waitFor(() => expect(stateOf(uppy, id).isPaused).toBe(true));
  expect(uppy.getState().info[0]?.message).toContain("session has ended");
  uppy.pauseResume(id);
  expect((await uploading)?.successful).toHaveLength(1);
});

test("a file of another service fails, since its bytes are not in the browser", async () => {
  const uppy = uppyOf(new FakeService());
  const id = uppy.addFile({
    ...{ name: "photo.jpg", type: "image/jpeg", data: { size: 5 }, isRemote: true },
  });
  const result = await uppy.upload();
  expect(result?.failed).toHaveLength(1);
  expect(stateOf(uppy, id).error).toContain("other services");
});

test("what systems add to folders is not uploaded", async () => {
  const service = new FakeService();
  const uppy = uppyOf(service);
  add(uppy, fileOf(5, ".DS_Store"));
  add(uppy, fileOf(5, "notes.txt"));
  const result = await uppy.upload();
  expect(result?.successful).toHaveLength(1);
  expect(requested(service)).toEqual(["notes.txt"]);
});

test("without its plugin, Uppy no longer uploads", async () => {
  const service = new FakeService();
  const uppy = uppyOf(service);
  const plugin = uppy.getPlugin("MediaUpload");
  if (plugin === undefined) throw new Error("The plugin is not installed.");
  uppy.removePlugin(plugin);
  add(uppy, fileOf(5, "notes.txt"));
  await uppy.upload();
  expect(requested(service)).toEqual([]);
});

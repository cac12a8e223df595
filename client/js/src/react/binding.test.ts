import { expect, test, vi } from "vitest";
import { FakeService, fileOf, optionsFor } from "../engine/fakes.ts";
import type { UploadsOptions } from "../types.ts";
import { createUploads } from "../uploads.ts";
import { Binding } from "./binding.ts";
import { EMPTY } from "./empty.ts";

function bindingOf(service: FakeService, more: UploadsOptions = {}): Binding {
  const binding = new Binding();
  binding.update({ ...optionsFor(service), ...more });
  return binding;
}

async function stored({ actions }: Binding, id: string | undefined): Promise<void> {
  await vi.waitFor(() => expect(actions.find(id ?? "")?.state).toBe("stored"), 20_000);
}

test("actions wait for the queue, which effects create later", async () => {
  const binding = bindingOf(new FakeService());
  const adding = binding.actions.add([fileOf(5, "a")]);
  binding.actions.pause();
  expect(binding.snapshot).toBe(EMPTY);
  const close = binding.create();
  expect(binding.snapshot).toMatchObject({ files: 1, paused: true });
  binding.actions.resume();
  await stored(binding, (await adding)[0]?.id);
  close();
});

test("files are copied at once, since pages empty their inputs", async () => {
  const binding = bindingOf(new FakeService());
  const files = [fileOf(5, "a")];
  const adding = binding.actions.add(files);
  files.pop();
  const close = binding.create();
  expect(await adding).toHaveLength(1);
  close();
});

test("closing the queue empties the list, and another queue takes its place", async () => {
  const binding = bindingOf(new FakeService());
  const listener = vi.fn();
  const watcher = vi.fn();
  binding.actions.subscribe(listener);
  binding.actions.watch(watcher);
  binding.create()();
  expect(binding.snapshot).toBe(EMPTY);
  const close = binding.create();
  listener.mockClear();
  const [item] = await binding.actions.add([fileOf(5, "a")]);
  await stored(binding, item?.id);
  await vi.waitFor(() => expect(listener).toHaveBeenCalled());
  expect(watcher).toHaveBeenLastCalledWith(expect.objectContaining({ state: "stored" }));
  expect(binding.snapshot).toBe(binding.snapshot);
  close();
});

test("limits may change at any time", async () => {
  const service = new FakeService();
  const binding = bindingOf(service, { accept: "image/*" });
  const close = binding.create();
  const [refused] = await binding.actions.add([fileOf(5, "a.txt")]);
  expect(refused?.state).toBe("failed");
  binding.update(optionsFor(service));
  const [accepted] = await binding.actions.add([fileOf(5, "b.txt")]);
  await stored(binding, accepted?.id);
  close();
});

test("the latest getToken is called", async () => {
  const tokens: (string | null)[] = [];
  vi.stubGlobal("fetch", (_url: string, { headers }: { headers: Record<string, string> }) => {
    tokens.push(headers["authorization"] ?? null);
    return Promise.resolve(Response.json({ errors: [{ message: "Down." }] }, { status: 400 }));
  });
  const binding = new Binding();
  const { line } = optionsFor(new FakeService());
  const options = { endpoint: "https://media.test/graphql", line };
  binding.update({ ...options, getToken: () => "one" });
  const close = binding.create();
  binding.update({ ...options, getToken: () => "two" });
  const [item] = await binding.actions.add([fileOf(5, "a")]);
  await vi.waitFor(() => expect(binding.actions.find(item?.id ?? "")?.state).toBe("failed"));
  expect(tokens).toEqual(["Bearer two"]);
  close();
});

test("an existing queue is used, and not closed", async () => {
  const queue = createUploads(optionsFor(new FakeService()));
  const binding = new Binding();
  const release = binding.use(queue);
  const [item] = await binding.actions.add([fileOf(5, "a")]);
  release();
  await vi.waitFor(() => expect(queue.find(item?.id ?? "")?.state).toBe("stored"));
  expect(binding.snapshot).toBe(EMPTY);
  await queue.close();
});

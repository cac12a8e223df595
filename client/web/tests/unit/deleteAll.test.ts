import { expect, it } from "vitest";
import { deleteAll } from "../../src/library/deleteAll.ts";

const uploads = Array.from({ length: 20 }, (_, index) => ({ id: `id-${index}` }));

it("deletes each upload once, six at a time", async () => {
  const seen: string[] = [];
  let running = 0;
  let most = 0;
  const result = await deleteAll(uploads, async (id) => {
    seen.push(id);
    most = Math.max(most, ++running);
    await Promise.resolve();
    running -= 1;
    return undefined;
  });
  expect(result).toEqual({ failed: 0, problem: undefined });
  expect(seen.sort()).toEqual(uploads.map(({ id }) => id).sort());
  expect(most).toBe(6);
});

it("continues after a failure, and counts the failures", async () => {
  const result = await deleteAll(uploads, (id) =>
    Promise.resolve(id.endsWith("3") ? `${id} stays.` : undefined),
  );
  expect(result).toEqual({ failed: 2, problem: "id-13 stays." });
});

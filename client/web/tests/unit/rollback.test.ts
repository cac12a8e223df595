import { ApolloClient, ApolloLink } from "@apollo/client";
import { Subject } from "rxjs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createCache } from "../../src/api/cache.ts";
import { uploadFields } from "../../src/api/uploadFields.ts";
import { updateTags } from "../../src/library/useUpdateTags.ts";
import { saveUpload } from "../../src/library/useUpdateUpload.ts";
import { change } from "../../src/trash/changes.ts";
import { requestDeletion } from "../../src/trash/deleteUploads.ts";
import { requestRestore } from "../../src/trash/restoreUploads.ts";
import { requestTrash } from "../../src/trash/trashUploads.ts";
import { anUpload } from "../uploads.ts";

const NOT_FOUND = { __typename: "UploadNotFound", code: "UPLOAD_NOT_FOUND", message: "Gone." };
const FORBIDDEN = { message: "No.", extensions: { code: "FORBIDDEN" } };
const invalid = (field: string) => ({
  __typename: "InvalidInput",
  code: "INVALID_INPUT",
  message: `The ${field} is wrong.`,
  fields: [{ __typename: "FieldError", path: [field, "0"], message: `${field} is wrong` }],
});

let answers: Subject<ApolloLink.Result>;
let client: ApolloClient;
beforeEach(() => {
  vi.stubGlobal("navigator", { onLine: true });
  answers = new Subject();
  const link = new ApolloLink(() => answers);
  client = new ApolloClient({ cache: createCache(), link, dataMasking: true });
  for (const id of ["a", "b"]) {
    client.cache.writeFragment({ fragment: uploadFields, data: anUpload(id, { tags: ["old"] }) });
  }
});

function answer(result: ApolloLink.Result) {
  answers.next(result);
  answers.complete();
}
/** Return what the page shows of an upload. */
function shown(id: string) {
  const options = { fragment: uploadFields, id: `Upload:${id}` };
  return client.cache.readFragment(options, true);
}
const a = { id: "a", filename: "a.txt", tags: ["old"] };

describe("a tag", () => {
  it("that the service refuses is the old one again", async () => {
    const saving = saveUpload(client, a, { tags: ["new"] });
    expect(shown("a")?.tags).toEqual(["new"]);
    answer({ data: { updateUpload: invalid("tags") } });
    expect(await saving).toMatchObject({ fields: { tags: "Tags is wrong" } });
    expect(shown("a")?.tags).toEqual(["old"]);
  });

  it("is the old one again after a top-level error", async () => {
    const saving = saveUpload(client, a, { tags: ["new"] });
    expect(shown("a")?.tags).toEqual(["new"]);
    answer({ data: null, errors: [FORBIDDEN] });
    expect(await saving).toMatchObject({ fields: {} });
    expect(shown("a")?.tags).toEqual(["old"]);
  });

  it("stays where the service took it, and leaves the others of the request", async () => {
    const uploads = ["a", "b"].map((id) => anUpload(id, { tags: ["old"] }));
    const done = vi.fn();
    const changing = updateTags(client, uploads, { add: ["new"], remove: new Set() }, done);
    expect([shown("a")?.tags, shown("b")?.tags]).toEqual([
      ["old", "new"],
      ["old", "new"],
    ]);
    const taken = { __typename: "Upload", id: "a", tags: ["old", "new"] };
    answer({ data: { updateUploads: [taken, NOT_FOUND] } });
    const { changed, failed } = await changing;
    expect([changed, failed].map((each) => each.map(({ id }) => id))).toEqual([["a"], ["b"]]);
    expect([shown("a")?.tags, shown("b")?.tags]).toEqual([["old", "new"], ["old"]]);
    expect(done).toHaveBeenLastCalledWith(2);
  });

  it("of many files is the old one again after a top-level error", async () => {
    const uploads = [anUpload("a", { tags: ["old"] })];
    const changing = updateTags(client, uploads, { add: [], remove: new Set(["old"]) }, vi.fn());
    expect(shown("a")?.tags).toEqual([]);
    answer({ data: null, errors: [FORBIDDEN] });
    expect((await changing).failed).toHaveLength(1);
    expect(shown("a")?.tags).toEqual(["old"]);
  });
});

it("a name that the service refuses is the old one again", async () => {
  const saving = saveUpload(client, a, { filename: "new.txt" });
  expect(shown("a")?.filename).toBe("new.txt");
  answer({ data: { updateUpload: invalid("filename") } });
  expect(await saving).toMatchObject({ fields: { filename: "Filename is wrong" } });
  expect(shown("a")?.filename).toBe("a.txt");
});

describe("an upload", () => {
  const requests = {
    trashUploads: requestTrash,
    restoreUploads: requestRestore,
    deleteUploads: requestDeletion,
  };
  const moved = { trashedAt: "2026-01-02T00:00:00.000Z" };

  it.each(Object.entries(requests))("is what it was after an error of %s", async (_, request) => {
    const moving = change(client, ["a"], (upload) => ({ ...upload, ...moved }), request);
    expect(shown("a")?.trashedAt).toBe(moved.trashedAt);
    answer({ data: null, errors: [FORBIDDEN] });
    expect((await moving).failed).toEqual(["a"]);
    expect(shown("a")?.trashedAt).toBeNull();
  });

  it("that can't be moved to the trash is where it was", async () => {
    const moving = change(client, ["a", "b"], (upload) => ({ ...upload, ...moved }), requestTrash);
    const closed = { __typename: "UploadClosed", code: "UPLOAD_CLOSED", message: "Closed." };
    const trashed = { ...anUpload("b", moved), __typename: "Upload" };
    answer({ data: { trashUploads: [{ ...closed, status: "PENDING" }, trashed] } });
    expect((await moving).failed).toEqual(["a"]);
    expect([shown("a")?.trashedAt, shown("b")?.trashedAt]).toEqual([null, moved.trashedAt]);
  });
});

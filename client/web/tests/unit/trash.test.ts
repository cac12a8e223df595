import { ApolloClient, ApolloLink } from "@apollo/client";
import { of } from "rxjs";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createCache } from "../../src/api/cache.ts";
import type { UploadFilter, UploadOrder } from "../../src/graphql/graphql.ts";
import { uploadsQuery } from "../../src/library/uploadsQuery.ts";
import { change } from "../../src/trash/changes.ts";
import { matches, order } from "../../src/trash/listing.ts";
import type { Request, Result } from "../../src/trash/requests.ts";
import { requestTrash } from "../../src/trash/trashUploads.ts";
import type { UploadFields } from "../../src/api/uploadFields.ts";
import { anUpload } from "../uploads.ts";

const NEWEST: UploadOrder = { field: "CREATED_AT", direction: "DESC" };
const BY_NAME: UploadOrder = { field: "FILENAME", direction: "ASC" };

const trashed = (each: UploadFields) => ({ ...each, trashedAt: each.createdAt });
const restored = (each: UploadFields) => ({ ...each, trashedAt: null });

describe("moving uploads between the lists", () => {
  let client: ApolloClient;
  beforeEach(() => {
    client = new ApolloClient({ cache: createCache(), link: ApolloLink.empty() });
  });

  function write(filter: UploadFilter, orderBy: UploadOrder, ids: string[], more = false) {
    client.writeQuery({
      query: uploadsQuery,
      variables: { first: 48, filter, orderBy },
      data: {
        uploads: {
          __typename: "UploadConnection",
          totalCount: more ? 500 : ids.length,
          edges: ids.map((id) => ({
            __typename: "UploadEdge" as const,
            cursor: id,
            node: anUpload(id, { trashedAt: filter.trashed === true ? "2026-01-02" : null }),
          })),
          pageInfo: { __typename: "PageInfo", endCursor: ids.at(-1) ?? null, hasNextPage: more },
        },
      },
    });
  }
  function read(filter: UploadFilter, orderBy: UploadOrder = NEWEST) {
    const variables = { first: 48, filter, orderBy };
    const list = client.cache.readQuery({ query: uploadsQuery, variables }, true)?.uploads;
    return { ids: list?.edges.map(({ node }) => node.id).join(""), total: list?.totalCount };
  }
  /** Answers with `results` once it is released. */
  function held(results: (ids: readonly string[]) => Result[]) {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const request: Request = async (_, ids) => {
      await gate;
      return results(ids);
    };
    return { request, release };
  }

  it("shows the change at once, and takes back what the service refused", async () => {
    write({}, NEWEST, ["d", "c", "b", "a"]);
    write({ trashed: true }, NEWEST, ["e"]);
    const { request, release } = held((ids) =>
      ids.map((id) => (id === "b" ? { problem: "No." } : { now: trashed(anUpload(id)) })),
    );
    const changing = change(client, ["b", "d"], trashed, request);
    expect(read({})).toEqual({ ids: "ca", total: 2 });
    expect(read({ trashed: true })).toEqual({ ids: "edb", total: 3 });

    release();
    expect(await changing).toEqual({ failed: ["b"], problem: "No." });
    expect(read({})).toEqual({ ids: "cba", total: 3 });
    expect(read({ trashed: true })).toEqual({ ids: "ed", total: 2 });
  });

  it("takes all of it back if the request fails, and sends no more batches", async () => {
    vi.stubGlobal("navigator", { onLine: true });
    const ids = Array.from({ length: 250 }, (_, index) => String(1000 - index));
    write({}, NEWEST, ids);
    const sizes: number[] = [];
    const outcome = await change(client, ids, trashed, (_, batch) => {
      sizes.push(batch.length);
      if (sizes.length > 1) throw new Error("down");
      return Promise.resolve(batch.map((id) => ({ now: trashed(anUpload(id)) })));
    });
    expect(sizes).toEqual([100, 100]);
    expect(outcome.failed).toEqual(ids.slice(100));
    expect(read({}).total).toBe(150);
  });

  it("restores to the right place of each list by its order", async () => {
    write({}, NEWEST, ["d", "b"]);
    write({ search: "c" }, BY_NAME, []);
    write({ search: "y" }, BY_NAME, []);
    write({ status: ["STORED"] }, BY_NAME, ["b", "d"], true);
    write({ trashed: true }, NEWEST, ["e", "c"]);
    await change(client, ["e", "c"], restored, (_, ids) =>
      Promise.resolve(ids.map((id) => ({ now: anUpload(id) }))),
    );
    expect(read({})).toEqual({ ids: "edcb", total: 4 });
    expect(read({ search: "c" }, BY_NAME)).toEqual({ ids: "c", total: 1 });
    expect(read({ search: "y" }, BY_NAME)).toEqual({ ids: "", total: 0 });
    // "e" belongs to a page that has not been loaded.
    expect(read({ status: ["STORED"] }, BY_NAME)).toEqual({ ids: "bcd", total: 502 });
    expect(read({ trashed: true })).toEqual({ ids: "", total: 0 });
  });

  it("counts uploads that no page has shown", async () => {
    write({}, NEWEST, ["d", "b"], true);
    await change(client, ["9", "d"], trashed, (_, ids) =>
      Promise.resolve(ids.map((id) => ({ now: trashed(anUpload(id)) }))),
    );
    expect(read({})).toEqual({ ids: "b", total: 498 });
  });

  it("removes what is gone", async () => {
    write({ trashed: true }, NEWEST, ["e", "c"]);
    await change(
      client,
      ["e"],
      () => undefined,
      (_, ids) => Promise.resolve(ids.map(() => ({ now: "gone" as const }))),
    );
    expect(read({ trashed: true })).toEqual({ ids: "c", total: 1 });
  });

  it("says which uploads can't be trashed", async () => {
    const results = [
      { ...trashed(anUpload("a")) },
      { __typename: "UploadClosed", code: "UPLOAD_CLOSED", message: "", status: "PENDING" },
      { __typename: "UploadNotFound", code: "UPLOAD_NOT_FOUND", message: "" },
    ];
    client.setLink(new ApolloLink(() => of({ data: { trashUploads: results } })));
    expect(await requestTrash(client, ["a", "b", "c"])).toEqual([
      { now: expect.objectContaining({ id: "a" }) as unknown },
      { problem: "Only stored files can be moved to the trash." },
      { now: "gone" },
    ]);
  });
});

describe("which list an upload belongs to", () => {
  const photo = anUpload("a", {
    filename: "Küste.PNG",
    contentType: "image/png; q=1",
    tags: ["sea", "2026"],
  });
  it.each<[UploadFilter, boolean]>([
    [{}, true],
    [{ trashed: true }, false],
    [{ status: ["PENDING"] }, false],
    [{ contentType: "image/*" }, true],
    [{ contentType: "image/png" }, true],
    [{ contentType: "video/*" }, false],
    [{ search: "küste.p" }, true],
    [{ tags: ["sea"] }, true],
    [{ tags: ["sea", "hills"] }, false],
    [{ createdAfter: "2026-01-01T00:00:00Z" }, true],
    [{ createdBefore: "2026-01-01T00:00:00Z" }, false],
  ])("%j: %s", (filter, expected) => expect(matches(filter, photo)).toBe(expected));

  it("sorts by size, and then by creation", () => {
    const sizes = [
      anUpload("a", { size: 2 }),
      anUpload("b", { size: 1 }),
      anUpload("c", { size: 2 }),
    ];
    const ids = [...sizes].sort(order({ field: "SIZE", direction: "DESC" })).map(({ id }) => id);
    expect(ids).toEqual(["c", "a", "b"]);
  });
});

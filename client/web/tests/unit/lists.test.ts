import { beforeEach, describe, expect, it } from "vitest";
import { createCache } from "../../src/api/cache.ts";
import { listUploads, updateUploads } from "../../src/api/lists.ts";
import {
  UseNeighboursDocument,
  UseUploadsDocument,
  type UploadFilter,
  type UploadOrder,
  type UseUploadsQuery,
} from "../../src/graphql/graphql.ts";
import { uploadQuery } from "../../src/library/uploadQuery.ts";
import { uploadsQuery } from "../../src/library/uploadsQuery.ts";
import type { UploadFields } from "../../src/api/uploadFields.ts";
import { anUpload } from "../uploads.ts";

const NEWEST: UploadOrder = { field: "CREATED_AT", direction: "DESC" };
const LARGEST: UploadOrder = { field: "SIZE", direction: "DESC" };

function upload(id: string, more: Partial<UploadFields> = {}): UploadFields {
  return anUpload(id, { status: "PENDING", ...more });
}

describe("cached lists", () => {
  let cache = createCache();
  beforeEach(() => {
    cache = createCache();
  });

  function list(filter: UploadFilter, orderBy: UploadOrder) {
    return { query: uploadsQuery, variables: { first: 48, filter, orderBy } };
  }
  function write(filter: UploadFilter, orderBy: UploadOrder, ids: string[], more = {}) {
    cache.writeQuery({
      ...list(filter, orderBy),
      data: {
        uploads: {
          __typename: "UploadConnection",
          totalCount: ids.length,
          edges: ids.map((id) => ({
            __typename: "UploadEdge" as const,
            cursor: id,
            node: upload(id, more),
          })),
          pageInfo: { __typename: "PageInfo", endCursor: ids.at(-1) ?? null, hasNextPage: false },
        },
      },
    });
  }
  function read(filter: UploadFilter, orderBy: UploadOrder) {
    const uploads = cache.readQuery(list(filter, orderBy))?.uploads;
    return { ids: uploads?.edges.map(({ node }) => node.id), total: uploads?.totalCount };
  }

  it("do not read the uploads of pages that are not shown", () => {
    const SIZE = 20;
    const PAGES = 50;
    const idOf = (number: number, place: number) => `${number}-${place}`;
    const page = (number: number) => ({
      query: uploadsQuery,
      variables: {
        ...{ first: SIZE, after: number === 0 ? null : idOf(number - 1, SIZE - 1) },
        ...{ filter: {}, orderBy: NEWEST },
      },
    });
    function writePage(number: number) {
      const edges = Array.from({ length: SIZE }, (_, place) => ({
        ...{ __typename: "UploadEdge" as const, cursor: idOf(number, place) },
        node: upload(idOf(number, place)),
      }));
      const endCursor = edges.at(-1)?.cursor ?? null;
      const pageInfo = { __typename: "PageInfo" as const, endCursor, hasNextPage: true };
      const totalCount = SIZE * PAGES;
      const uploads = { __typename: "UploadConnection" as const, totalCount, edges, pageInfo };
      cache.writeQuery({ ...page(number), data: { uploads } });
    }
    writePage(0);
    let ids: readonly string[] = [];
    cache.watch({
      ...{ query: UseUploadsDocument, variables: { filter: {}, orderBy: NEWEST } },
      ...{ optimistic: true, immediate: true },
      callback: ({ result }) => (ids = (result as UseUploadsQuery).uploads.ids),
    });
    cache.watch({ ...page(0), optimistic: true, immediate: true, callback: () => undefined });
    // There is no other way to count what is read.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const read = () => cache.getMemoryInternals?.().inMemoryCache.executeSelectionSet ?? 0;
    expect(read()).toBeGreaterThan(SIZE);
    for (let number = 1; number < PAGES; number += 1) {
      const before = read();
      writePage(number);
      expect(read() - before).toBeLessThan(SIZE);
    }
    expect(ids).toHaveLength(SIZE * PAGES);
    expect(ids.slice(SIZE - 1, SIZE + 1)).toEqual(["0-19", "1-0"]);
    const shown = cache.readQuery(page(7))?.uploads.edges.map(({ node }) => node.id);
    expect(shown).toEqual(Array.from({ length: SIZE }, (_, place) => idOf(7, place)));
    const missing = { ...page(0).variables, after: "unknown" };
    expect(cache.readQuery({ ...page(0), variables: missing })).toBeNull();
  });

  it("return the ids of their uploads, or only of those with a status", () => {
    write({}, NEWEST, ["a", "b", "c"]);
    updateUploads(cache, [upload("b", { status: "STORED" })]);
    const variables = { filter: {}, orderBy: NEWEST };
    const all = cache.readQuery({ query: UseUploadsDocument, variables });
    const stored = cache.readQuery({ query: UseNeighboursDocument, variables });
    expect(all?.uploads.ids).toEqual(["a", "b", "c"]);
    expect(stored?.uploads.ids).toEqual(["b"]);
  });

  it("add a new upload at the top, once, and only to the lists it belongs to", () => {
    const current = { status: ["PENDING", "STORED"] as UploadFilter["status"] };
    const stored = { status: ["STORED"] as UploadFilter["status"] };
    write(current, NEWEST, ["a"]);
    write(stored, NEWEST, ["a"]);
    write({ search: "a" }, NEWEST, ["a"]);
    write(current, LARGEST, ["a"]);

    listUploads(cache, [upload("b")]);
    listUploads(cache, [upload("b")]);

    expect(read(current, NEWEST)).toEqual({ ids: ["b", "a"], total: 2 });
    expect(read(stored, NEWEST)).toEqual({ ids: ["a"], total: 1 });
    expect(read({ search: "a" }, NEWEST)).toEqual({ ids: ["a"], total: 1 });
    expect(read(current, LARGEST)).toEqual({ ids: ["a"], total: 1 });
  });

  it("add new uploads of one request in one step, the last one at the top", () => {
    write({}, NEWEST, ["a"]);
    let changes = 0;
    const watched = { ...list({}, NEWEST), optimistic: true, callback: () => (changes += 1) };
    cache.watch(watched);
    const uploads = Array.from({ length: 40 }, (_, index) => upload(`b${index}`));

    cache.batch({ update: (batched) => listUploads(batched, [upload("a"), ...uploads]) });

    expect(changes).toBe(1);
    expect(read({}, NEWEST).total).toBe(41);
    expect(read({}, NEWEST).ids?.slice(0, 2)).toEqual(["b39", "b38"]);
    expect(read({}, NEWEST).ids?.at(-1)).toBe("a");
  });

  it("show that uploads were completed, and ignore those that are not cached", () => {
    write({}, NEWEST, ["a", "b"]);
    const stored = { status: "STORED" as const, storedAt: "2026-01-02T00:00:00.000Z" };

    updateUploads(cache, [upload("a", stored)]);
    updateUploads(cache, [upload("b", stored), upload("c", stored)]);

    const edges = cache.readQuery(list({}, NEWEST))?.uploads.edges ?? [];
    expect(edges.map(({ node }) => [node.id, node.status, node.storedAt])).toEqual([
      ["a", "STORED", stored.storedAt],
      ["b", "STORED", stored.storedAt],
    ]);
  });

  it("concatenate pages", () => {
    write({}, NEWEST, ["a", "b"]);
    cache.writeQuery({
      query: uploadsQuery,
      variables: { first: 48, after: "b", filter: {}, orderBy: NEWEST },
      data: {
        uploads: {
          __typename: "UploadConnection",
          totalCount: 3,
          edges: [{ __typename: "UploadEdge" as const, cursor: "c", node: upload("c") }],
          pageInfo: { __typename: "PageInfo", endCursor: "c", hasNextPage: false },
        },
      },
    });
    expect(read({}, NEWEST)).toEqual({ ids: ["a", "b", "c"], total: 3 });
  });

  describe("refetched from the start", () => {
    function refetch(ids: string[], more: Partial<{ next: boolean; total: number }> = {}) {
      cache.writeQuery({
        ...list({}, NEWEST),
        data: {
          uploads: {
            __typename: "UploadConnection",
            totalCount: more.total ?? 9,
            edges: ids.map((id) => ({
              __typename: "UploadEdge" as const,
              cursor: id,
              node: upload(id),
            })),
            pageInfo: {
              __typename: "PageInfo",
              endCursor: ids.at(-1) ?? null,
              hasNextPage: more.next ?? true,
            },
          },
        },
      });
    }
    const pageInfo = () => cache.readQuery(list({}, NEWEST))?.uploads.pageInfo;
    beforeEach(() => write({}, NEWEST, ["a", "b", "c", "d"]));

    it("keep the pages after the first, with what is new", () => {
      refetch(["x", "a", "b"]);
      expect(read({}, NEWEST)).toEqual({ ids: ["x", "a", "b", "c", "d"], total: 9 });
      expect(pageInfo()).toMatchObject({ endCursor: "d", hasNextPage: false });
    });

    it("lose what is gone", () => {
      refetch(["a", "c"]);
      expect(read({}, NEWEST).ids).toEqual(["a", "c", "d"]);
    });

    it("list an upload once that has moved", () => {
      refetch(["d", "a", "b"]);
      expect(read({}, NEWEST).ids).toEqual(["d", "a", "b", "c"]);
    });

    it("start over if there is no connection to what is listed, or if that is all", () => {
      refetch(["x", "y"]);
      expect(read({}, NEWEST).ids).toEqual(["x", "y"]);
      expect(pageInfo()).toMatchObject({ endCursor: "y", hasNextPage: true });
      refetch(["x"], { next: false });
      expect(read({}, NEWEST).ids).toEqual(["x"]);
    });
  });

  describe("signed URLs", () => {
    function thumbnail(url: string, minutes: number) {
      const expiresAt = new Date(Date.now() + minutes * 60_000).toISOString();
      return { __typename: "Rendition" as const, url, expiresAt, width: 320, height: 240 };
    }
    function show(url: string, minutes: number) {
      listUploads(cache, [upload("a", { status: "STORED", thumbnail: thumbnail(url, minutes) })]);
      return cache.readQuery(list({}, NEWEST))?.uploads.edges[0]?.node.thumbnail?.url;
    }
    beforeEach(() => write({}, NEWEST, ["a"]));

    it("are kept while they are valid", () => {
      expect(show("//bucket/1.webp?first", 60)).toBe("//bucket/1.webp?first");
      expect(show("//bucket/1.webp?second", 120)).toBe("//bucket/1.webp?first");
    });

    it("are replaced before they expire", () => {
      expect(show("//bucket/1.webp?ending", 1)).toBe("//bucket/1.webp?ending");
      expect(show("//bucket/1.webp?fresh", 60)).toBe("//bucket/1.webp?fresh");
    });

    it("are replaced when they lead to another object", () => {
      show("//bucket/1.webp?first", 60);
      expect(show("//bucket/2.webp?first", 60)).toBe("//bucket/2.webp?first");
    });

    it("are forgotten with the rendition", () => {
      show("//bucket/1.webp?first", 60);
      listUploads(cache, [upload("a", { status: "STORED", thumbnail: null })]);
      expect(cache.readQuery(list({}, NEWEST))?.uploads.edges[0]?.node.thumbnail).toBeNull();
    });
  });

  it("leave the details as they are when a file has been processed", () => {
    const details = { processingError: null, checksum: null, preview: null, download: null };
    const options = { query: uploadQuery, variables: { id: "a" } };
    const pending = { ...upload("a"), ...details, media: null };
    cache.writeQuery({ ...options, data: { upload: pending } });
    const facts = { width: 64, height: 48, durationSeconds: 1, pages: null, thumbhash: null };
    const media = { __typename: "Media" as const, ...facts };
    listUploads(cache, [upload("a", { status: "STORED", processing: "DONE", media })]);
    const read = cache.readQuery(options)?.upload;
    expect(read).toMatchObject({ processing: "DONE", media: { width: 64, camera: null } });
  });

  it("keep the facts that the details panel has fetched", () => {
    const facts = { width: 64, height: 48, durationSeconds: null, pages: null, thumbhash: null };
    const known = { ...facts, frameRate: null, videoCodec: null, audioCodec: null };
    const media = { ...known, capturedAt: null, camera: "Phone P1", hasLocation: true };
    const details = { processingError: null, checksum: null, preview: null, download: null };
    cache.writeQuery({
      query: uploadQuery,
      variables: { id: "a" },
      data: { upload: { ...upload("a"), ...details, media: { __typename: "Media", ...media } } },
    });
    listUploads(cache, [upload("a", { media: { __typename: "Media", ...facts, width: 65 } })]);
    const read = cache.readQuery({ query: uploadQuery, variables: { id: "a" } })?.upload;
    expect(read?.media).toMatchObject({ width: 65, camera: "Phone P1", hasLocation: true });
  });
});

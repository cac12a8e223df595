import { beforeEach, describe, expect, it } from "vitest";
import { createCache } from "../../src/api/cache.ts";
import { listUploadIn, unlistUpload } from "../../src/api/lists.ts";
import type { UploadFieldsFragment, UploadFilter, UploadOrder } from "../../src/graphql/graphql.ts";
import { uploadQuery } from "../../src/library/uploadQuery.ts";
import { uploadsQuery } from "../../src/library/uploadsQuery.ts";

const NEWEST: UploadOrder = { field: "CREATED_AT", direction: "DESC" };
const LARGEST: UploadOrder = { field: "SIZE", direction: "DESC" };

function upload(id: string, more: Partial<UploadFieldsFragment> = {}): UploadFieldsFragment {
  return {
    __typename: "Upload",
    id,
    filename: `${id}.txt`,
    contentType: "text/plain",
    size: 1,
    tags: [],
    status: "PENDING",
    statusReason: null,
    createdAt: "2026-01-01T00:00:00.000Z",
    storedAt: null,
    expiresAt: null,
    processing: "NONE",
    media: null,
    thumbnail: null,
    ...more,
  };
}

describe("cached lists", () => {
  let cache = createCache();
  beforeEach(() => {
    cache = createCache();
  });

  function list(filter: UploadFilter, orderBy: UploadOrder) {
    return { query: uploadsQuery, variables: { first: 48, filter, orderBy } };
  }
  function write(filter: UploadFilter, orderBy: UploadOrder, ids: string[]) {
    cache.writeQuery({
      ...list(filter, orderBy),
      data: {
        uploads: {
          __typename: "UploadConnection",
          totalCount: ids.length,
          edges: ids.map((id) => ({ __typename: "UploadEdge", cursor: id, node: upload(id) })),
          pageInfo: { __typename: "PageInfo", endCursor: ids.at(-1) ?? null, hasNextPage: false },
        },
      },
    });
  }
  function read(filter: UploadFilter, orderBy: UploadOrder) {
    const uploads = cache.readQuery(list(filter, orderBy))?.uploads;
    return { ids: uploads?.edges.map(({ node }) => node.id), total: uploads?.totalCount };
  }

  it("add a new upload at the top, once, and only to the lists it belongs to", () => {
    const current = { status: ["PENDING", "STORED"] as UploadFilter["status"] };
    const stored = { status: ["STORED"] as UploadFilter["status"] };
    write(current, NEWEST, ["a"]);
    write(stored, NEWEST, ["a"]);
    write({ search: "a" }, NEWEST, ["a"]);
    write(current, LARGEST, ["a"]);

    listUploadIn(cache, upload("b"));
    listUploadIn(cache, upload("b"));

    expect(read(current, NEWEST)).toEqual({ ids: ["b", "a"], total: 2 });
    expect(read(stored, NEWEST)).toEqual({ ids: ["a"], total: 1 });
    expect(read({ search: "a" }, NEWEST)).toEqual({ ids: ["a"], total: 1 });
    expect(read(current, LARGEST)).toEqual({ ids: ["a"], total: 1 });
  });

  it("remove a deleted upload from every list, and count it once", () => {
    write({}, NEWEST, ["a", "b"]);
    write({ search: "b" }, LARGEST, ["b"]);

    unlistUpload(cache, "b");
    unlistUpload(cache, "b");

    expect(read({}, NEWEST)).toEqual({ ids: ["a"], total: 1 });
    expect(read({ search: "b" }, LARGEST)).toEqual({ ids: [], total: 0 });
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
          edges: [{ __typename: "UploadEdge", cursor: "c", node: upload("c") }],
          pageInfo: { __typename: "PageInfo", endCursor: "c", hasNextPage: false },
        },
      },
    });
    expect(read({}, NEWEST)).toEqual({ ids: ["a", "b", "c"], total: 3 });
  });

  describe("signed URLs", () => {
    function thumbnail(url: string, minutes: number) {
      const expiresAt = new Date(Date.now() + minutes * 60_000).toISOString();
      return { __typename: "Rendition" as const, url, expiresAt, width: 320, height: 240 };
    }
    function show(url: string, minutes: number) {
      listUploadIn(cache, upload("a", { status: "STORED", thumbnail: thumbnail(url, minutes) }));
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
      listUploadIn(cache, upload("a", { status: "STORED", thumbnail: null }));
      expect(cache.readQuery(list({}, NEWEST))?.uploads.edges[0]?.node.thumbnail).toBeNull();
    });
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
    listUploadIn(cache, upload("a", { media: { __typename: "Media", ...facts, width: 65 } }));
    const read = cache.readQuery({ query: uploadQuery, variables: { id: "a" } })?.upload;
    expect(read?.media).toMatchObject({ width: 65, camera: "Phone P1", hasLocation: true });
  });
});

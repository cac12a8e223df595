import type { ApolloCache, Reference, StoreObject } from "@apollo/client";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { uploadFields } from "./uploadFields.ts";

/** A list of uploads as the cache stores it: with references instead of uploads. */
type CachedConnection = StoreObject & {
  readonly edges: readonly { readonly node: Reference; readonly cursor: string }[];
  readonly totalCount: number;
};

/**
 * Add a new upload to the top of cached lists that are sorted newest first and filter by nothing
 * but its status. All other lists are invalidated and fetched again when they are next shown.
 */
export function listUploadIn(cache: ApolloCache, upload: UploadFieldsFragment): void {
  const node = cache.writeFragment({
    fragment: uploadFields,
    fragmentName: "UploadFields",
    data: upload,
  });
  if (node === undefined) return;
  cache.modify<Record<string, CachedConnection>>({
    fields: {
      uploads(value, { readField, storeFieldName, INVALIDATE }) {
        const existing = value as CachedConnection;
        if (!isNewestFirst(storeFieldName) || !allows(storeFieldName, upload.status)) {
          return INVALIDATE;
        }
        if (existing.edges.some((edge) => readField("id", edge.node) === upload.id)) {
          return existing;
        }
        // The cursor is never used: relayStylePagination continues from pageInfo.endCursor.
        const edge = { __typename: "UploadEdge", node, cursor: "" };
        return {
          ...existing,
          edges: [edge, ...existing.edges],
          totalCount: existing.totalCount + 1,
        };
      },
    },
  });
}

/** Remove a deleted upload from every cached list. */
export function unlistUpload(cache: ApolloCache, id: string): void {
  cache.modify<Record<string, CachedConnection>>({
    fields: {
      uploads(value, { readField }) {
        const existing = value as CachedConnection;
        const edges = existing.edges.filter((edge) => readField("id", edge.node) !== id);
        const removed = existing.edges.length - edges.length;
        return removed === 0
          ? existing
          : { ...existing, edges, totalCount: existing.totalCount - removed };
      },
    },
  });
}

/** Parse the arguments from a list's cache key: `uploads:{"filter":…,"orderBy":…}`. */
function listArguments(storeFieldName: string): {
  filter?: Record<string, unknown> & { status?: readonly string[] };
  orderBy?: { field?: string; direction?: string };
} {
  const json = storeFieldName.slice(storeFieldName.indexOf(":") + 1);
  try {
    return JSON.parse(json) as ReturnType<typeof listArguments>;
  } catch {
    return {};
  }
}

function isNewestFirst(storeFieldName: string): boolean {
  const { filter = {}, orderBy = {} } = listArguments(storeFieldName);
  const conditions = Object.keys(filter).filter((name) => name !== "status");
  return (
    conditions.length === 0 &&
    (orderBy.field ?? "CREATED_AT") === "CREATED_AT" &&
    (orderBy.direction ?? "DESC") === "DESC"
  );
}

function allows(storeFieldName: string, status: string): boolean {
  return listArguments(storeFieldName).filter?.status?.includes(status) ?? true;
}

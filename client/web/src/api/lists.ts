import type { ApolloCache, Reference, StoreObject } from "@apollo/client";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { uploadFields } from "./uploadFields.ts";

/** A list as the cache keeps it: with references to its uploads. */
type CachedConnection = StoreObject & {
  readonly edges: readonly { readonly node: Reference; readonly cursor: string }[];
  readonly totalCount: number;
};

/**
 * Show a new upload at the top of the lists it belongs to: those without conditions but on the
 * status, newest first. Other lists are asked for anew when they are next shown.
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
        // No page begins at this cursor: relayStylePagination goes by pageInfo.endCursor.
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

/** Take a deleted upload out of every list. */
export function unlistUpload(cache: ApolloCache, id: string): void {
  cache.modify<Record<string, CachedConnection>>({
    fields: {
      uploads(value, { readField }) {
        const existing = value as CachedConnection;
        const edges = existing.edges.filter((edge) => readField("id", edge.node) !== id);
        const gone = existing.edges.length - edges.length;
        return gone === 0
          ? existing
          : { ...existing, edges, totalCount: existing.totalCount - gone };
      },
    },
  });
}

/** The arguments of a list, as the cache names it: `uploads:{"filter":…,"orderBy":…}`. */
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

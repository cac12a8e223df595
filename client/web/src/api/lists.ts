import type { ApolloCache, Reference, StoreObject } from "@apollo/client";
import type { UploadFilter, UploadOrder, UploadStatus } from "../graphql/graphql.ts";
import type { SettledFields } from "./completeUploads.ts";
import { uploadFields, type UploadFields } from "./uploadFields.ts";

interface CachedEdge {
  readonly __typename: "UploadEdge";
  readonly node: Reference;
  readonly cursor: string;
}

/** A list of uploads as the cache stores it: with references instead of uploads. */
export type CachedConnection = StoreObject & {
  readonly edges: readonly CachedEdge[];
  readonly pageInfo: { readonly hasNextPage: boolean };
  readonly totalCount: number;
};

/**
 * Add new uploads, in the order of their creation, to the top of cached lists that are sorted newest
 * first and filter by nothing but the status. All other lists are invalidated and fetched again when
 * they are next shown.
 */
export function listUploads(cache: ApolloCache, uploads: readonly UploadFields[]): void {
  const added = uploads.flatMap((upload) => {
    const fragment = { fragment: uploadFields, fragmentName: "uploadFields_upload" };
    const node = cache.writeFragment({ ...fragment, data: upload });
    return node === undefined ? [] : [{ ...upload, node }];
  });
  if (added.length === 0) return;
  cache.modify<Record<string, CachedConnection>>({
    fields: {
      uploads(value, { readField, storeFieldName, INVALIDATE }) {
        const existing = value as CachedConnection;
        const allowed = added.filter(({ status }) => allows(storeFieldName, status));
        if (!isNewestFirst(storeFieldName) || allowed.length === 0) return INVALIDATE;
        const known = new Set(existing.edges.map((edge) => readField("id", edge.node)));
        // The cursor is never used: the next page is fetched from pageInfo.endCursor.
        const edges = allowed
          .filter(({ id }) => !known.has(id))
          .map(({ node }) => ({ __typename: "UploadEdge" as const, node, cursor: "" }))
          .reverse();
        return edges.length === 0
          ? existing
          : {
              ...existing,
              edges: [...edges, ...existing.edges],
              totalCount: existing.totalCount + edges.length,
            };
      },
    },
  });
}

/** Update cached uploads after they have been completed or cancelled. */
export function updateUploads(cache: ApolloCache, uploads: readonly SettledFields[]): void {
  for (const upload of uploads) {
    const { status, statusReason, storedAt, expiresAt, processing } = upload;
    const id = cache.identify({ __typename: "Upload", id: upload.id });
    cache.modify<SettledFields>({
      ...(id !== undefined && { id }),
      fields: {
        status: () => status,
        statusReason: () => statusReason,
        storedAt: () => storedAt,
        expiresAt: () => expiresAt,
        processing: () => processing,
      },
    });
  }
}

/** Parse the arguments from a list's cache key: `uploads:{"filter":…,"orderBy":…}`. */
export function listArguments(storeFieldName: string): {
  readonly filter?: UploadFilter;
  readonly orderBy?: UploadOrder;
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

function allows(storeFieldName: string, status: UploadStatus): boolean {
  return listArguments(storeFieldName).filter?.status?.includes(status) ?? true;
}

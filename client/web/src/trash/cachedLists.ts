import type { ApolloCache, Reference } from "@apollo/client";
import { listArguments, type CachedConnection } from "../api/lists.ts";
import { uploadFields, type UploadFields } from "../api/uploadFields.ts";
import { matches, order } from "./listing.ts";

const fragment = { fragment: uploadFields, fragmentName: "uploadFields_upload" };

/** An upload before and after a change; undefined where it is unknown, or deleted. */
export interface Change {
  readonly id: string;
  readonly before: UploadFields | undefined;
  readonly after: UploadFields | undefined;
}

/**
 * Write the changed uploads, and let each cached list contain those that now belong to it: in its
 * order, as far as it has been loaded. Counts change with the lists.
 */
export function relist(cache: ApolloCache, changes: readonly Change[]): void {
  const nodes = new Map<string, Reference>();
  for (const { id, after } of changes) {
    const node = after && cache.writeFragment({ ...fragment, data: after });
    if (node !== undefined) nodes.set(id, node);
  }
  const ids = new Set(changes.map(({ id }) => id));
  cache.modify<Record<string, CachedConnection>>({
    fields: {
      uploads(value, { readField, storeFieldName }) {
        const existing = value as CachedConnection;
        const { filter = {}, orderBy = {} } = listArguments(storeFieldName);
        const edges = existing.edges.filter((edge) => !ids.has(readField("id", edge.node) ?? ""));
        const removed = existing.edges.length - edges.length;
        const left = changes.filter(({ before }) => before && matches(filter, before)).length;
        const joined = changes.flatMap(({ after }) =>
          after !== undefined && matches(filter, after) ? [after] : [],
        );
        if (removed === 0 && left === 0 && joined.length === 0) return existing;

        const compare = order(orderBy);
        const listed = (index: number) => ({
          id: readField<string>("id", edges[index]?.node) ?? "",
          filename: readField<string>("filename", edges[index]?.node) ?? "",
          size: readField<number>("size", edges[index]?.node) ?? 0,
        });
        for (const upload of joined) {
          const place = search(edges.length, (index) => compare(listed(index), upload) < 0);
          const node = nodes.get(upload.id);
          const beyond = place === edges.length && existing.pageInfo.hasNextPage;
          if (node === undefined || beyond) continue;
          // The cursor is never used: the next page continues from pageInfo.endCursor.
          edges.splice(place, 0, { __typename: "UploadEdge", node, cursor: "" });
        }
        const totalCount = existing.totalCount + joined.length - Math.max(removed, left);
        return { ...existing, edges, totalCount: Math.max(edges.length, totalCount) };
      },
    },
  });
}

/** Return the first index of a sorted list for which `isBefore` is false. */
function search(length: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

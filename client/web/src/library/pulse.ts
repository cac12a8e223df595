import { graphql } from "../graphql/index.ts";
import type { PulseQuery } from "../graphql/graphql.ts";
import type { Watched } from "./pending.ts";

/** The first uploads of the list, and the counts that tell of changes elsewhere. */
export const pulseQuery = graphql(`
  query Pulse($filter: UploadFilter, $orderBy: UploadOrder, $counted: Boolean!) {
    uploads(first: 10, filter: $filter, orderBy: $orderBy) {
      nodes {
        id
        status
        processing
      }
      totalCount @include(if: $counted)
    }
    incomplete: uploads(first: 1, filter: { status: [PENDING] }) {
      totalCount
    }
  }
`);

interface Listed {
  readonly uploads: readonly Watched[];
  readonly totalCount: number;
}

/** Return whether the service's list differs from the one that the page shows. */
export function differs({ nodes, totalCount }: PulseQuery["uploads"], list: Listed): boolean {
  if (totalCount !== undefined && totalCount !== list.totalCount) return true;
  return nodes.some(({ id, status, processing }, place) => {
    const listed = list.uploads[place];
    return listed?.id !== id || listed.status !== status || listed.processing !== processing;
  });
}

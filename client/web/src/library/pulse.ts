import { graphql } from "../graphql/index.ts";

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

import { graphql } from "../graphql/index.ts";

/** The largest page that the service returns. */
export const PAGE_SIZE = 100;

export const uploadsQuery = graphql(`
  query Uploads($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {
    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      edges {
        cursor
        node {
          ...UploadFields
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
      totalCount
    }
  }
`);

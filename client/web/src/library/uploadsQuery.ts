import { graphql } from "../graphql/index.ts";

/**
 * One page of a list. It does not name the fragments of all components that show uploads, whose fields
 * overlap: Apollo Client would write and read each field as often as it is named.
 */
export const uploadsQuery = graphql(`
  query UploadsQuery($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {
    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      edges {
        cursor
        node {
          id
          ...uploadFields_upload
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

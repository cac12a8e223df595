import { graphql } from "../graphql/index.ts";

/**
 * One page of a list. It does not name the fragments of the rows' components: these share fields, and
 * Apollo Client would write and read a field once per fragment that names it.
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

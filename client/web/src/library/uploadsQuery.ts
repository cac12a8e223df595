import { graphql } from "../graphql/index.ts";

/** One page of a list. */
export const uploadsQuery = graphql(`
  query UploadsQuery($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {
    uploads(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      edges {
        cursor
        node {
          id
          ...useChosen_upload
          ...uploadFields_upload
          ...UploadGrid_upload
          ...UploadTable_upload
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

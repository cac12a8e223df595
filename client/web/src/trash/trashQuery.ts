import { graphql } from "../graphql/index.ts";

export const trashQuery = graphql(`
  query TrashQuery($first: Int!, $after: String, $filter: UploadFilter, $orderBy: UploadOrder) {
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

import { graphql } from "../graphql/index.ts";

export const trashQuery = graphql(`
  query TrashQuery($after: String) {
    uploads(
      first: 100
      after: $after
      filter: { trashed: true }
      orderBy: { field: CREATED_AT, direction: DESC }
    ) {
      edges {
        cursor
        node {
          id
          filename
          size
          ...uploadFields_upload
          ...TrashRow_upload
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

import type { ApolloClient } from "@apollo/client";
import { allPages } from "../api/allPages.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";

/** What is needed to name, count and move a file. */
export type Trashed = Pick<UploadFieldsFragment, "id" | "filename" | "size">;

export const trashQuery = graphql(`
  query Trash($after: String) {
    uploads(
      first: 100
      after: $after
      filter: { trashed: true }
      orderBy: { field: CREATED_AT, direction: DESC }
    ) {
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

/** A page of the trash with little of each file. It is not cached: the page shows other fields. */
const trashedFiles = graphql(`
  query TrashedFiles($after: String) {
    uploads(first: 100, after: $after, filter: { trashed: true }) {
      nodes {
        id
        filename
        size
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`);

/** Return all files in the trash, also those that the page has not loaded; see `allPages`. */
export function allTrashed(
  client: ApolloClient,
  signal: AbortSignal,
  onFound: (count: number) => void,
): Promise<readonly Trashed[] | undefined> {
  async function load(after: string | null) {
    const { data } = await client.query({
      query: trashedFiles,
      variables: { after },
      fetchPolicy: "no-cache",
    });
    return data?.uploads;
  }
  return allPages(load, signal, onFound);
}

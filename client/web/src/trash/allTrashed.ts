import type { ApolloClient } from "@apollo/client";
import { allPages } from "../api/allPages.ts";
import { graphql } from "../graphql/index.ts";

/** What is needed to name, count and move a file. */
export interface Trashed {
  readonly id: string;
  readonly filename: string;
  readonly size: number;
}

/** A page of the trash with little of each file. It is not cached: the page shows other fields. */
const trashedFiles = graphql(`
  query AllTrashed($after: String) {
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

import type { ApolloClient } from "@apollo/client";
import { allPages } from "../api/allPages.ts";
import { graphql } from "../graphql/index.ts";
import type { ListVariables } from "./filters.ts";
import type { Chosen } from "./useSelection.ts";

/** What the actions need, and nothing else: it is asked for every upload that matches. */
const matchingUploads = graphql(`
  query MatchingUploads($after: String, $filter: UploadFilter, $orderBy: UploadOrder) {
    uploads(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {
      nodes {
        ...useSelection_upload @unmask
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`);

/** Return all uploads that match the filters, also those that the list has not loaded; see `allPages`. */
export function findMatching(
  client: ApolloClient,
  variables: ListVariables,
  signal: AbortSignal,
  onFound: (count: number) => void,
): Promise<readonly Chosen[] | undefined> {
  async function load(after: string | null) {
    const { data } = await client.query({
      query: matchingUploads,
      variables: { ...variables, after },
      fetchPolicy: "no-cache",
    });
    return data?.uploads;
  }
  return allPages(load, signal, onFound);
}

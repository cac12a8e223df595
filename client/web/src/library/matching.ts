import type { ApolloClient } from "@apollo/client";
import { allPages } from "../api/allPages.ts";
import { graphql } from "../graphql/index.ts";
import type { ListVariables } from "./filters.ts";
import { chosenFields } from "./useChosen.ts";

/** What the actions need, and nothing else: it is asked for every upload that matches. */
const matchingUploads = graphql(`
  query MatchingUploads($after: String, $filter: UploadFilter, $orderBy: UploadOrder) {
    uploads(first: 100, after: $after, filter: $filter, orderBy: $orderBy) {
      nodes {
        ...useChosen_upload @unmask
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`);

/**
 * Return the ids of all uploads that match the filters, also of those that the list has not loaded;
 * see `allPages`. Writes the fields that the actions need to the cache.
 */
export async function findMatching(
  client: ApolloClient,
  variables: ListVariables,
  signal: AbortSignal,
  onFound: (count: number) => void,
): Promise<readonly string[] | undefined> {
  async function load(after: string | null) {
    const { data } = await client.query({
      query: matchingUploads,
      variables: { ...variables, after },
      fetchPolicy: "no-cache",
    });
    const { cache } = client;
    cache.batch({
      update: () => {
        for (const upload of data?.uploads.nodes ?? []) {
          cache.writeFragment({ fragment: chosenFields, data: upload });
        }
      },
    });
    return data?.uploads;
  }
  const found = await allPages(load, signal, onFound);
  return found?.map(({ id }) => id);
}

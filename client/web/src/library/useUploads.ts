import { NetworkStatus, type TypedDocumentNode } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { sentence } from "../api/errors.ts";
import type { UploadsQueryQueryVariables } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import type { ListVariables } from "./filters.ts";
import { firstPage } from "./firstPage.ts";
import { uploadsQuery } from "./uploadsQuery.ts";

export interface UploadList {
  /** Which uploads are listed, and in which order. */
  readonly variables: ListVariables;
  /** The ids of the uploads loaded so far; undefined before the first response. */
  readonly ids: readonly string[] | undefined;
  readonly totalCount: number;
  readonly hasMore: boolean;
  /** Whether `ids` still belong to the previous filters. */
  readonly stale: boolean;
  readonly loadingMore: boolean;
  readonly problem: string | undefined;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** Load the uploads that match the filters, page by page. */
export function useUploads(variables: ListVariables): UploadList {
  return usePages(uploadsQuery, variables);
}

/** The ids of all loaded uploads. A component that shows an upload reads it from the cache by its id. */
const loadedPages = graphql(`
  query UseUploads($filter: UploadFilter, $orderBy: UploadOrder) {
    uploads(filter: $filter, orderBy: $orderBy) {
      ids @client
      pageInfo {
        endCursor
        hasNextPage
      }
      totalCount
    }
  }
`);

/** Load a list of uploads page by page with a query for one page. */
export function usePages<Page>(
  query: TypedDocumentNode<Page, UploadsQueryQueryVariables>,
  variables: ListVariables,
): UploadList {
  const page = useQuery(query, { variables: firstPage(variables) });
  const loaded = useQuery(loadedPages, { variables, fetchPolicy: "cache-only" });
  const { error, networkStatus, fetchMore, refetch } = page;
  // Until the first page for other filters is loaded, the list keeps what it shows, but not after a failure.
  const failed = error !== undefined || networkStatus === NetworkStatus.refetch;
  const previous = failed ? undefined : loaded.previousData;
  const connection = (loaded.data ?? previous)?.uploads;
  // In the state, so that the list asks again if a page was dropped because the list had changed.
  const [asked, setAsked] = useState<string>();
  const [failure, setFailure] = useState<{ text: string; variables: ListVariables }>();
  const ofThisList = failure?.variables === variables ? failure.text : undefined;
  const hasMore = connection?.pageInfo.hasNextPage ?? false;
  return {
    variables,
    ids: connection?.ids,
    totalCount: connection?.totalCount ?? 0,
    hasMore,
    stale: loaded.data === undefined && connection !== undefined,
    loadingMore: networkStatus === NetworkStatus.fetchMore,
    problem: error === undefined ? ofThisList : sentence(error),
    loadMore: () => {
      const after = loaded.data?.uploads.pageInfo.endCursor;
      if (!hasMore || after == null || after === asked) return;
      setAsked(after);
      setFailure(undefined);
      fetchMore({ variables: { after } })
        .catch((reason: unknown) => setFailure({ text: sentence(reason), variables }))
        // Apollo Client delivers the page by a timer, and never if another request begins before that.
        // The list would then ask for the same page forever. This timer comes after that one.
        .finally(() => setTimeout(() => setAsked(undefined)));
    },
    retry: () => {
      setFailure(undefined);
      refetch().catch(() => undefined);
    },
  };
}

import { NetworkStatus } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { sentence } from "../api/errors.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { listVariables, type Filters } from "./filters.ts";
import { PAGE_SIZE, uploadsQuery } from "./uploadsQuery.ts";

export interface UploadList {
  /** What is there so far; undefined while nothing is known. */
  readonly uploads: readonly UploadFieldsFragment[] | undefined;
  readonly totalCount: number;
  readonly hasMore: boolean;
  /** Whether what shows belongs to the filters before these. */
  readonly stale: boolean;
  readonly loadingMore: boolean;
  readonly problem: string | undefined;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** The uploads that the filters let through, page by page. */
export function useUploads(filters: Filters): UploadList {
  const { data, previousData, error, networkStatus, fetchMore, refetch } = useQuery(uploadsQuery, {
    variables: { first: PAGE_SIZE, ...listVariables(filters) },
  });
  const connection = (data ?? previousData)?.uploads;
  const hasMore = connection?.pageInfo.hasNextPage ?? false;
  const loadingMore = networkStatus === NetworkStatus.fetchMore;
  return {
    uploads: connection?.edges.map((edge) => edge.node),
    totalCount: connection?.totalCount ?? 0,
    hasMore,
    stale: data === undefined && previousData !== undefined && error === undefined,
    loadingMore,
    problem: error === undefined ? undefined : sentence(error),
    loadMore: () => {
      if (!hasMore || loadingMore || data === undefined) return;
      // A page that does not come shows as `problem`, with a button to try again.
      fetchMore({ variables: { after: data.uploads.pageInfo.endCursor } }).catch(() => undefined);
    },
    retry: () => void refetch().catch(() => undefined),
  };
}

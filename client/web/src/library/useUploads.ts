import { NetworkStatus } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { sentence } from "../api/errors.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { listVariables, type Filters } from "./filters.ts";
import { PAGE_SIZE, uploadsQuery } from "./uploadsQuery.ts";

export interface UploadList {
  /** The uploads loaded so far; undefined before the first response. */
  readonly uploads: readonly UploadFieldsFragment[] | undefined;
  readonly totalCount: number;
  readonly hasMore: boolean;
  /** Whether `uploads` still belong to the previous filters. */
  readonly stale: boolean;
  readonly loadingMore: boolean;
  readonly problem: string | undefined;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

/** Load the uploads that match the filters, page by page. */
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
      // A failure is returned as `problem`; the list then shows a button to try again.
      fetchMore({ variables: { after: data.uploads.pageInfo.endCursor } }).catch(() => undefined);
    },
    retry: () => void refetch().catch(() => undefined),
  };
}

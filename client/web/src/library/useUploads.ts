import { NetworkStatus, type TypedDocumentNode } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { useMemo, useState } from "react";
import { sentence } from "../api/errors.ts";
import type { UploadsQueryQuery } from "../graphql/graphql.ts";
import type { ListVariables } from "./filters.ts";
import { firstPage } from "./firstPage.ts";
import { uploadsQuery } from "./uploadsQuery.ts";

/** An upload in the library's list: what the page itself needs, and the fragments of its rows. */
export type Listed = UploadsQueryQuery["uploads"]["edges"][number]["node"];

export interface UploadList<Upload = Listed> {
  /** The uploads loaded so far; undefined before the first response. */
  readonly uploads: readonly Upload[] | undefined;
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
export function useUploads(variables: ListVariables): UploadList {
  return usePages(uploadsQuery, firstPage(variables));
}

interface Pages<Upload> {
  readonly uploads: {
    readonly edges: readonly { readonly node: Upload }[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
    readonly totalCount: number;
  };
}

interface PageVariables {
  readonly [name: string]: unknown;
  readonly after?: string | null | undefined;
}

/** Load a list of uploads page by page. */
export function usePages<Upload, V extends PageVariables>(
  query: TypedDocumentNode<Pages<Upload>, V>,
  variables: V,
): UploadList<Upload> {
  // Of the variables, only `after` is set here.
  const document = query as TypedDocumentNode<Pages<Upload>, PageVariables>;
  const { data, previousData, error, networkStatus, fetchMore, refetch } = useQuery(document, {
    variables,
  });
  const connection = (data ?? previousData)?.uploads;
  const edges = connection?.edges;
  const uploads = useMemo(() => edges?.map((edge) => edge.node), [edges]);
  // In the state, so that the list asks again if a page was dropped because the list had changed.
  const [asked, setAsked] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const hasMore = connection?.pageInfo.hasNextPage ?? false;
  const loadingMore = networkStatus === NetworkStatus.fetchMore;
  return {
    uploads,
    totalCount: connection?.totalCount ?? 0,
    hasMore,
    stale: data === undefined && previousData !== undefined && error === undefined,
    loadingMore,
    problem: error === undefined ? failure : sentence(error),
    loadMore: () => {
      const after = data?.uploads.pageInfo.endCursor;
      if (!hasMore || after == null || after === asked) return;
      setAsked(after);
      setFailure(undefined);
      fetchMore({ variables: { after } })
        .catch((reason: unknown) => setFailure(sentence(reason)))
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

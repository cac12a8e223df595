import { useApolloClient, useQuery } from "@apollo/client/react";
import { useEffect } from "react";
import { graphql } from "../graphql/index.ts";
import { uploadQuery } from "../library/uploadQuery.ts";
import type { ViewedList } from "./ViewerLayer.tsx";
import { t } from "../messages/t.ts";

/** How close to the end of the loaded list the next page is requested. */
const MARGIN = 2;

/** The stored files of a list: the others cannot be shown. */
const storedFiles = graphql(`
  query UseNeighbours($filter: UploadFilter, $orderBy: UploadOrder) {
    uploads(filter: $filter, orderBy: $orderBy) {
      ids(status: STORED) @client
    }
  }
`);

interface Neighbours {
  readonly previous: string | undefined;
  readonly next: string | undefined;
  /** Return the file before (-1) or after (1) another one. */
  readonly neighbourOf: (id: string, step: -1 | 1) => string | undefined;
  /** The place in the list, such as "3 of 48"; undefined if the list does not contain the file. */
  readonly position: string | undefined;
}

/**
 * Return the stored files before and after this one in the list, and load their previews, so that
 * they appear at once. Near the end of the loaded list, loads its next page.
 */
export function useNeighbours(id: string, list: ViewedList): Neighbours {
  const { variables, ids, hasMore, loadMore } = list;
  const { data } = useQuery(storedFiles, { variables, fetchPolicy: "cache-only" });
  const stored = data?.uploads.ids ?? [];
  const index = stored.indexOf(id);
  const neighbourOf = (id: string, step: -1 | 1) => {
    const index = stored.indexOf(id);
    return index < 0 ? undefined : stored[index + step];
  };
  const previous = neighbourOf(id, -1);
  const next = neighbourOf(id, 1);
  usePreloaded(next);
  usePreloaded(previous);
  const needsMore = hasMore && index >= 0 && index + MARGIN >= stored.length;
  useEffect(() => {
    if (needsMore) loadMore();
    // `loadMore` is a new function in each render. It does nothing while a page is being loaded.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [needsMore, ids?.length, id]);
  const place = { place: index + 1, count: stored.length };
  const position = hasMore ? t("viewer.positionMore", place) : t("viewer.position", place);
  return {
    previous,
    next,
    neighbourOf,
    position: index < 0 ? undefined : position,
  };
}

/** Load a file's preview into the browser's cache, unless the user saves data. */
function usePreloaded(id: string | undefined): void {
  const client = useApolloClient();
  useEffect(() => {
    if (id === undefined || savesData()) return;
    let left = false;
    client.query({ query: uploadQuery, variables: { id } }).then(
      ({ data }) => {
        const url = data?.upload?.preview?.url;
        if (!left && url !== undefined) new Image().src = url;
      },
      () => undefined, // The viewer asks again when the file is shown.
    );
    return () => {
      left = true;
    };
  }, [client, id]);
}

function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return connection?.saveData === true;
}

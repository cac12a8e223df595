import { useEffect } from "react";
import type { TrashQueryQuery } from "../graphql/graphql.ts";
import { usePages, type UploadList } from "../library/useUploads.ts";
import { trashQuery } from "./trashQuery.ts";

export type TrashList = UploadList<TrashQueryQuery["uploads"]["edges"][number]["node"]>;

/**
 * Load the files in the trash, page by page. While it is `paused`, because many files are being
 * deleted, nothing is loaded in their place: it may be among them.
 */
export function useTrashList(paused: boolean): TrashList {
  const list = usePages(trashQuery, {});
  const { uploads, hasMore, problem, loadMore } = list;
  // What was shown may all have been restored or deleted, while more follows.
  const isGone = hasMore && uploads?.length === 0;
  useEffect(() => {
    // After a failure, only a click retries.
    if (isGone && !paused && problem === undefined) loadMore();
  });
  return list;
}

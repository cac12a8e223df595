import { useEffect } from "react";
import type { ListVariables } from "../library/filters.ts";
import { usePages, type UploadList } from "../library/useUploads.ts";
import { trashQuery } from "./trashQuery.ts";

const IN_TRASH: ListVariables = {
  filter: { trashed: true },
  orderBy: { field: "CREATED_AT", direction: "DESC" },
};

/**
 * Load the files in the trash, page by page. While it is `paused`, because many files are being
 * deleted, nothing is loaded in their place: it may be among them.
 */
export function useTrashList(paused: boolean): UploadList {
  const list = usePages(trashQuery, IN_TRASH);
  const { ids, hasMore, problem, loadMore } = list;
  // What was shown may all have been restored or deleted, while more follows.
  const isGone = hasMore && ids?.length === 0;
  useEffect(() => {
    // After a failure, only a click retries.
    if (isGone && !paused && problem === undefined) loadMore();
  });
  return list;
}

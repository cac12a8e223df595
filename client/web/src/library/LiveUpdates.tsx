import type { RefObject } from "react";
import { useLive } from "./useLive.ts";
import { usePendingStatuses } from "./usePendingStatuses.ts";
import type { UploadList } from "./useUploads.ts";

interface LiveUpdatesProps {
  readonly list: UploadList;
  /** The ids of the files in view. */
  readonly shown: RefObject<readonly string[]>;
  readonly openId: string | null;
}

/** Keeps the list and the open upload current. Its code is loaded after the list. */
export function LiveUpdates({ list, shown, openId }: LiveUpdatesProps): null {
  const incomplete = useLive(list);
  // The list may not contain the upload that is open, for example after a filter has changed.
  usePendingStatuses(shown, openId, incomplete);
  return null;
}

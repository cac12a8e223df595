import { useFragment } from "@apollo/client/react";
import type { RefObject } from "react";
import { uploadFields } from "../api/uploadFields.ts";
import type { ListVariables } from "./filters.ts";
import type { Watched } from "./pending.ts";
import { useLive } from "./useLive.ts";
import { usePendingStatuses } from "./usePendingStatuses.ts";
import type { UploadList } from "./useUploads.ts";

interface LiveUpdatesProps {
  readonly list: UploadList;
  readonly variables: ListVariables;
  /** The files in view. */
  readonly shown: RefObject<readonly Watched[]>;
  readonly openId: string | null;
}

/** Keeps the list and the open upload current. Its code is loaded after the list. */
export function LiveUpdates({ list, variables, shown, openId }: LiveUpdatesProps): null {
  const opened = useFragment({
    fragment: uploadFields,
    fragmentName: "uploadFields_upload",
    from: openId === null ? null : { __typename: "Upload", id: openId },
  });
  const incomplete = useLive(variables, list);
  // The list may not contain the upload that is open, for example after a filter has changed.
  usePendingStatuses(shown, opened.complete ? opened.data : undefined, incomplete);
  return null;
}

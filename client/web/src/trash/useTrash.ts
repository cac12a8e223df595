import { useApolloClient } from "@apollo/client/react";
import { useMemo } from "react";
import { change, type OnProgress, type Outcome } from "./changes.ts";
import { requestDeletion } from "./deleteUploads.ts";
import { requestRestore } from "./restoreUploads.ts";
import { requestTrash } from "./trashUploads.ts";

export interface Trash {
  /** Move STORED uploads to the trash. */
  readonly trash: (ids: readonly string[], onProgress?: OnProgress) => Promise<Outcome>;
  /** Take uploads out of the trash. */
  readonly restore: (ids: readonly string[], onProgress?: OnProgress) => Promise<Outcome>;
  /** Delete uploads in any state, with their bytes. */
  readonly deleteForGood: (ids: readonly string[], onProgress?: OnProgress) => Promise<Outcome>;
}

/**
 * Return the functions that move any number of uploads into the trash, out of it, or delete them.
 * All lists and counts change at once; what the service did not change returns to them.
 */
export function useTrash(): Trash {
  const client = useApolloClient();
  return useMemo(
    () => ({
      trash: (ids, onProgress) => {
        const trashedAt = new Date().toISOString();
        return change(
          client,
          ids,
          (upload) => ({ ...upload, trashedAt }),
          requestTrash,
          onProgress,
        );
      },
      restore: (ids, onProgress) =>
        change(
          client,
          ids,
          (upload) => ({ ...upload, trashedAt: null }),
          requestRestore,
          onProgress,
        ),
      deleteForGood: async (ids, onProgress) => {
        const outcome = await change(client, ids, () => undefined, requestDeletion, onProgress);
        // The lists are right already; a wrong usage meter is not worth a message.
        client.refetchQueries({ include: ["UsageMeter"] }).catch(() => undefined);
        return outcome;
      },
    }),
    [client],
  );
}

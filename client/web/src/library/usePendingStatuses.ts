import { useApolloClient } from "@apollo/client/react";
import { useEffect, useRef, type RefObject } from "react";
import { numberedIds, repeated } from "../api/repeated.ts";
import { cachedUpload } from "../api/uploadFields.ts";
import { graphql } from "../graphql/index.ts";
import { Pace, pendingIds } from "./pending.ts";

const POLL_MS = 2000;

const pendingStatus = graphql(`
  query UsePendingStatuses($id: ID!) {
    upload(id: $id) {
      ...uploadFields_upload
    }
  }
`);
const pendingStatuses = repeated(pendingStatus);

/**
 * Poll the status of pending uploads that are shown, including those of other devices, and of files
 * whose previews are being made; the cache updates the list. The longer nothing changes, the less
 * often it polls; it starts over when the number of `incomplete` uploads has changed.
 */
export function usePendingStatuses(
  shown: RefObject<readonly string[]>,
  openId: string | null,
  incomplete: number | undefined,
): void {
  const client = useApolloClient();
  const latest = useRef(openId);
  useEffect(() => {
    latest.current = openId;
  });
  useEffect(() => {
    const pace = new Pace();
    let asking = false;
    async function poll() {
      if (asking || document.hidden || !navigator.onLine) return;
      const watched = [...shown.current, ...(latest.current === null ? [] : [latest.current])];
      const ids = pendingIds(watched.flatMap((id) => cachedUpload(client.cache, id) ?? []));
      if (ids.length === 0 || !pace.takesTurn(ids, Date.now())) return;
      asking = true;
      await client
        .query({
          query: pendingStatuses(ids.length),
          variables: numberedIds(ids),
          fetchPolicy: "network-only",
        })
        .catch(() => undefined);
      asking = false;
    }
    const timer = setInterval(() => void poll(), POLL_MS);
    return () => clearInterval(timer);
  }, [client, shown, incomplete]);
}

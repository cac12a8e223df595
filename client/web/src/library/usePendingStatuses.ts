import { useApolloClient } from "@apollo/client/react";
import { useEffect, useRef } from "react";
import { numberedIds, repeated } from "../api/repeated.ts";
import { graphql } from "../graphql/index.ts";
import { Pace, pendingIds, type Watched } from "./pending.ts";

const POLL_MS = 2000;

const pendingStatus = graphql(`
  query PendingStatus($id: ID!) {
    upload(id: $id) {
      ...UploadFields
    }
  }
`);
const pendingStatuses = repeated(pendingStatus, "PendingStatuses");

/**
 * Poll the status of pending uploads, including those of other devices, and of files whose previews
 * are being made; the cache updates the list. The longer nothing changes, the less often it polls.
 */
export function usePendingStatuses(uploads: readonly Watched[]): void {
  const client = useApolloClient();
  const ids = pendingIds(uploads);
  const latest = useRef(ids);
  useEffect(() => {
    latest.current = ids;
  });
  const idle = ids.length === 0;
  useEffect(() => {
    if (idle) return;
    const pace = new Pace();
    let asking = false;
    async function poll() {
      if (asking || document.hidden || !navigator.onLine) return;
      const ids = latest.current;
      if (!pace.takesTurn(ids, Date.now())) return;
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
  }, [client, idle]);
}

import type { ApolloClient } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { useEffect, useRef, useState } from "react";
import { cachedUpload } from "../api/uploadFields.ts";
import type { PulseQuery } from "../graphql/graphql.ts";
import type { ListVariables } from "./filters.ts";
import { pulseQuery } from "./pulse.ts";
import { firstPage } from "./firstPage.ts";
import { uploadsQuery } from "./uploadsQuery.ts";
import type { UploadList } from "./useUploads.ts";

const PULSE_MS = 4000;
/** While many files arrive, the first page is fetched at most this often. */
const FETCH_GAP_MS = 5000;
/** A page that nobody has touched for a while asks less often. */
const IDLE_AFTER_MS = 5 * 60_000;
const IDLE_PULSE_MS = 30_000;
const TICK_MS = 500;

/**
 * Show what other tabs, devices and scripts change: one small request every few seconds tells
 * whether to fetch the first page of the list again. Hidden pages ask nothing. Returns the number of
 * the user's incomplete uploads, wherever they are in the list.
 */
export function useLive(list: UploadList): number | undefined {
  const client = useApolloClient();
  const [incomplete, setIncomplete] = useState<number>();
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  useEffect(() => {
    let askedAt = Date.now();
    let touchedAt = Date.now();
    let fetchedAt = 0;
    let asking = false;
    async function pulse() {
      const idle = Date.now() - touchedAt > IDLE_AFTER_MS;
      const due = Date.now() - askedAt >= (idle ? IDLE_PULSE_MS : PULSE_MS);
      if (!due || asking || document.hidden || !navigator.onLine) return;
      asking = true;
      askedAt = Date.now();
      const { variables } = latest.current;
      const data = await ask(client, variables).catch(() => undefined);
      if (data !== undefined) {
        setIncomplete(data.incomplete.totalCount);
        const list = latest.current;
        const same = variables === list.variables;
        const changed = !list.stale && differs(client, data.uploads, list);
        if (same && changed && Date.now() - fetchedAt >= FETCH_GAP_MS) {
          fetchedAt = Date.now();
          await fetchFirstPage(client, variables).catch(() => undefined);
        }
      }
      asking = false;
    }
    const touch = () => (touchedAt = Date.now());
    const timer = setInterval(() => void pulse(), TICK_MS);
    for (const name of TOUCHES) window.addEventListener(name, touch, { passive: true });
    return () => {
      clearInterval(timer);
      for (const name of TOUCHES) window.removeEventListener(name, touch);
    };
  }, [client]);
  return incomplete;
}

const TOUCHES = ["pointermove", "pointerdown", "keydown", "scroll", "focus"] as const;

async function ask(client: ApolloClient, variables: ListVariables) {
  // To count the results of a search, the service compares every filename.
  const counted = variables.filter.search === undefined;
  const { data } = await client.query({
    query: pulseQuery,
    variables: { ...variables, counted },
    fetchPolicy: "no-cache",
  });
  return data;
}

async function fetchFirstPage(client: ApolloClient, variables: ListVariables): Promise<void> {
  await client.query({
    query: uploadsQuery,
    variables: firstPage(variables),
    fetchPolicy: "network-only",
  });
}

/** Return whether the service's list differs from the one that the page shows. */
function differs(
  { cache }: ApolloClient,
  { nodes, totalCount }: PulseQuery["uploads"],
  { ids, ...list }: UploadList,
): boolean {
  if (ids === undefined) return false;
  if (totalCount !== undefined && totalCount !== list.totalCount) return true;
  return nodes.some(({ id, status, processing }, place) => {
    const listed = cachedUpload(cache, id);
    return ids[place] !== id || listed?.status !== status || listed.processing !== processing;
  });
}

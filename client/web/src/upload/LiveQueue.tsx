import { useApolloClient } from "@apollo/client/react";
import { UploadsProvider, useUploads } from "media-upload/react";
import { useEffect, useEffectEvent, useMemo, useRef } from "react";
import { createTransferApi } from "../api/transferApi.ts";
import { Tray } from "./tray/Tray.tsx";
import { useLimits } from "./useLimits.ts";
import type { Queue } from "./useQueue.ts";

export interface LiveQueueProps {
  readonly viewerId: string;
  readonly onReady: (queue: Queue) => void;
}

/**
 * The user's upload queue, with what shows it on every page. It closes with the
 * session, which unmounts it. Until the limits are known, the service alone refuses files.
 */
export function LiveQueue({ viewerId, onReady }: LiveQueueProps) {
  const client = useApolloClient();
  const api = useMemo(() => createTransferApi(client), [client]);
  const limits = useLimits();
  const types = limits?.contentTypes ?? ["*/*"];
  return (
    <UploadsProvider
      api={api}
      user={viewerId}
      {...(!types.includes("*/*") && { accept: types.join(",") })}
      {...(limits !== undefined && { maxFileBytes: limits.maxUploadBytes })}
    >
      <Ready onReady={onReady} />
      <Tray />
    </UploadsProvider>
  );
}

/** Hands out the queue's actions apart from its state, which changes ten times a second. */
function Ready({ onReady }: Pick<LiveQueueProps, "onReady">) {
  const uploads = useUploads();
  const { add, cancel, subscribe, progressOf } = uploads;
  const latest = useRef(uploads);
  useEffect(() => {
    latest.current = uploads;
  });
  const ready = useEffectEvent(onReady);
  useEffect(() => {
    ready({
      ...{ add, cancel, subscribe, progressOf },
      unfinished: () => {
        const { unfinished, counts, elsewhere } = latest.current;
        return Promise.resolve(unfinished + counts.missing + elsewhere.files);
      },
    });
  }, [add, cancel, subscribe, progressOf]);
  return null;
}

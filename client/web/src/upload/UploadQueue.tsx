import { useEffect, useState, type ComponentType, type ReactNode } from "react";
import { loadEventually, whenIdle } from "../shell/idle.ts";
import { expectedQueue } from "./expectedQueue.ts";
import type { LiveQueueProps } from "./LiveQueue.tsx";
import { QueueContext, type Queue } from "./useQueue.ts";

interface UploadQueueProps {
  readonly viewerId: string;
  readonly children: ReactNode;
}

/**
 * Provides the user's upload queue to all pages. Its code, with the tray's, is loaded when files are
 * added, else once the page is idle, also if nothing is being uploaded: the connection may be gone
 * when it is needed.
 */
export function UploadQueue({ viewerId, children }: UploadQueueProps) {
  const [Live, setLive] = useState<ComponentType<LiveQueueProps>>();
  const [{ load, expected }] = useState(() => {
    let loading: Promise<void> | undefined;
    function load() {
      loading ??= loadEventually(() => import("./LiveQueue.tsx")).then(({ LiveQueue }) =>
        setLive(() => LiveQueue),
      );
    }
    return { load, expected: expectedQueue(load) };
  });
  const [queue, setQueue] = useState<Queue>(expected.queue);
  useEffect(() => whenIdle(load), [load]);
  return (
    <QueueContext value={queue}>
      {children}
      {Live !== undefined && (
        <Live
          viewerId={viewerId}
          onReady={(live) => {
            setQueue(live);
            expected.arrive(live);
          }}
        />
      )}
    </QueueContext>
  );
}

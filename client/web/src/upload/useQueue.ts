import type { UploadProgress, Uploads } from "media-upload";
import { createContext, useContext, useSyncExternalStore } from "react";

export interface Queue extends Pick<Uploads, "add" | "cancel" | "subscribe" | "progressOf"> {
  /** Return how many files would be lost by signing out, in all tabs. */
  readonly unfinished: () => Promise<number>;
}

export const QueueContext = createContext<Queue | undefined>(undefined);

/** Return the upload queue, without rendering again when its state changes. */
export function useQueue(): Queue {
  const queue = useContext(QueueContext);
  if (queue === undefined) throw new Error("useQueue works inside an <UploadQueue> only.");
  return queue;
}

/** Return the progress of an upload that this tab or another one is sending. */
export function useProgress(uploadId: string): UploadProgress | undefined {
  const { subscribe, progressOf } = useQueue();
  // Text, since the store compares what it gets, and each call returns a new object.
  const text = useSyncExternalStore(subscribe, () => JSON.stringify(progressOf(uploadId) ?? null));
  return (JSON.parse(text) as UploadProgress | null) ?? undefined;
}

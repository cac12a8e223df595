/** The progress of one file, as pages show it. */
export interface TransferView {
  /** The id of the file in Uppy. */
  readonly fileId: string;
  readonly uploadId: string | undefined;
  readonly name: string;
  readonly bytesSent: number;
  readonly bytesTotal: number;
  readonly state: TransferPhase;
}

export type TransferPhase = "running" | "waiting" | "paused" | "stored" | "failed";

/** The files that this tab is uploading. The uploader writes the map, pages read it. */
let transfers: ReadonlyMap<string, TransferView> = new Map();
const listeners = new Set<() => void>();
let scheduled = false;

export function getTransfers(): ReadonlyMap<string, TransferView> {
  return transfers;
}

export function putTransfer(view: TransferView): void {
  transfers = new Map(transfers).set(view.fileId, view);
  publish();
}

export function dropTransfer(fileId: string): void {
  if (!transfers.has(fileId)) return;
  const next = new Map(transfers);
  next.delete(fileId);
  transfers = next;
  publish();
}

export function subscribeTransfers(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Notify pages at most every 50 ms, since hundreds of files may report progress at once. */
function publish(): void {
  if (scheduled) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    for (const listener of listeners) listener();
  }, 50);
}

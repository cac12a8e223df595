import type { TransferApi, TransferError, UploadState } from "./engine/index.ts";
import type { ChosenFile } from "./files.ts";
import type { GetToken } from "./service.ts";

export interface UploadsOptions {
  /** The URL of the service's GraphQL endpoint. */
  readonly endpoint?: string | URL;
  /** Returns an access token of the user, or an API key with the scope UPLOAD. */
  readonly getToken?: GetToken;
  /** The service's operations, for pages that already have a GraphQL client; see `TransferApi`. */
  readonly api?: TransferApi;
  /** Identifies the user, so that users of one browser do not resume each other's uploads. */
  readonly user?: string;
  /** Whether to remember unfinished uploads in this browser. Default: true. */
  readonly journal?: boolean;
  /** The accepted types, as in the `accept` attribute: `image/*,.pdf`. Default: all. */
  readonly accept?: string;
  /** The maximum size of a file in bytes. The service has its own limit. */
  readonly maxFileBytes?: number;
  /** The maximum number of files in the list. */
  readonly maxFiles?: number;
}

/** A file of the list. A change creates a new object, so that views can compare. */
export interface UploadItem {
  readonly id: string;
  /** The id of the upload, once it has been requested. */
  readonly uploadId: string | undefined;
  /** With folders, such as `holiday/beach.jpg`. */
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly state: UploadState;
  readonly bytesSent: number;
  /** Why it failed, waits or is tried again. Its message is written for the user. */
  readonly problem: TransferError | undefined;
  /** Whether `retry` can help: it failed, or waits for its next attempt. */
  readonly retryable: boolean;
  /** Whether `reopen` can read a missing file again, without the user choosing it. */
  readonly reopenable: boolean;
}

export type Counts = Readonly<Record<UploadState, number>>;

/** The whole list. Failed and missing files are not in the sums of bytes. */
export interface UploadsSnapshot {
  /** The number of files in the list. */
  readonly files: number;
  readonly counts: Counts;
  /** Files that are queued, being sent, paused, or waiting for a connection or the next attempt. */
  readonly unfinished: number;
  readonly bytesSent: number;
  readonly bytesTotal: number;
  readonly bytesPerSecond: number;
  /** Undefined while it can't be known. */
  readonly secondsLeft: number | undefined;
  readonly paused: boolean;
  /** Why the whole list stopped: the user's session has ended. `resume` continues. */
  readonly problem: TransferError | undefined;
  /** Files such as `.DS_Store`, and unfinished files that were already in the list. */
  readonly skipped: number;
  /** How many of the missing files `reopen` can read. */
  readonly reopenable: number;
  /** What other tabs of this browser are sending. */
  readonly elsewhere: {
    readonly files: number;
    readonly bytesSent: number;
    readonly bytesTotal: number;
  };
}

export interface AddOptions {
  readonly tags?: readonly string[];
  /** Continue this upload with the file that is added, sending only what is missing. */
  readonly uploadId?: string;
  /** Default: the file's type. */
  readonly contentType?: string;
  /** Makes the request of the upload safe to repeat. Default: a random token. */
  readonly clientToken?: string;
}

/**
 * A queue of uploads. Actions without an id apply to all files. Files that need attention come
 * first in the list, then those that are being sent, queued and stored.
 */
export interface Uploads {
  /** Add files. Resolves to their items, with those that are already being sent. */
  add(files: Iterable<File | ChosenFile>, options?: AddOptions): Promise<UploadItem[]>;
  /** Begin nothing new. Parts that are being sent go on, so that their bytes are not lost. */
  pause(id?: string): void;
  resume(id?: string): void;
  /** Send failed files again, and those that wait for their next attempt. */
  retry(id?: string): void;
  /**
   * Take files from the list, and cancel their uploads unless they are stored. Without an id, take
   * all files, also those that are still being added.
   */
  cancel(id?: string): Promise<void>;
  /** Take the stored files from the list. */
  clear(): void;
  /** Read missing files again. Call it when the user clicks: the browser may ask for permission. */
  reopen(): Promise<void>;
  readonly snapshot: UploadsSnapshot;
  /** Call `listener` after changes, at most ten times a second. To unsubscribe, call the result. */
  subscribe(listener: () => void): () => void;
  /** Call `listener` at each change of a file's state. To unsubscribe, call the result. */
  watch(listener: (item: UploadItem) => void): () => void;
  /** Return the file at this place of the list. */
  at(index: number): UploadItem | undefined;
  find(id: string): UploadItem | undefined;
  /** Return the progress of an upload that this tab or another one is sending. */
  progressOf(uploadId: string): UploadProgress | undefined;
  /** Stop at once. Uploads are not cancelled; a later page can continue them. */
  close(): Promise<void>;
}

export interface UploadProgress {
  readonly state: UploadState;
  readonly bytesSent: number;
  readonly size: number;
  /** Whether another tab is sending it. */
  readonly elsewhere: boolean;
}

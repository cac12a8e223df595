import type { TransferError } from "./errors.ts";

/**
 * The service's operations that the engine calls. The types contain the fields of schema.graphql
 * that the engine uses. A promise that rejects with a TransferError is final; after any other
 * rejection the engine retries the call.
 */
export interface TransferApi {
  /**
   * Request uploads of up to 500 files; returns one result per file, in order. With `withParts`,
   * tickets contain `transfer.parts`, so that small files need no further call before sending.
   */
  requestUploads(
    inputs: readonly UploadInput[],
    withParts: boolean,
  ): Promise<readonly RequestResult[]>;
  /** Return signed requests for some parts; none if the upload is no longer PENDING. */
  signParts(uploadId: string, parts: readonly PartChoice[]): Promise<readonly PartRequest[]>;
  /** Return the upload and the parts in the bucket; null if the viewer has no such upload. */
  received(uploadId: string): Promise<ReceivedUpload | null | undefined>;
  complete(uploadId: string): Promise<CompleteResult | null | undefined>;
  /**
   * Complete many uploads in one request; returns one result per upload, in order. Optional:
   * without it, the engine calls `complete` for each upload.
   */
  completeMany?(
    uploadIds: readonly string[],
  ): Promise<readonly (CompleteResult | null | undefined)[]>;
  cancel(uploadId: string): Promise<unknown>;
}

export interface UploadInput {
  readonly filename: string;
  readonly contentType: string;
  readonly size: number;
  readonly tags?: string[];
  readonly clientToken: string;
}

export interface PartChoice {
  readonly number: number;
  readonly checksum?: string;
}

export interface PartRequest {
  readonly number: number;
  readonly offset: number;
  readonly size: number;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly expiresAt: string;
}

export interface Plan {
  readonly partSize: number;
  readonly partCount: number;
}

/** A member of RequestUploadResult: a ticket has `upload`, an error has `code` and `message`. */
export interface RequestResult {
  readonly __typename?: string;
  readonly created?: boolean;
  readonly upload?: {
    readonly id: string;
    readonly status: string;
    readonly transfer?: (Plan & { readonly parts?: readonly PartRequest[] }) | null;
  };
  readonly code?: string;
  readonly message?: string;
}

export interface ReceivedUpload {
  readonly status: string;
  readonly size: number;
  readonly transfer?: (Plan & { readonly received: readonly { readonly number: number }[] }) | null;
}

/** A member of CompleteUploadResult; an Upload has `status` and no `code`. */
export interface CompleteResult {
  readonly __typename?: string;
  readonly status?: string;
  readonly missingParts?: readonly number[];
  readonly code?: string;
  readonly message?: string;
}

export type TransferState =
  | "queued"
  | "requesting"
  | "hashing"
  | "uploading"
  /** Offline, or a server can't be reached; continues by itself. */
  | "waiting"
  | "paused"
  | "completing"
  | "stored"
  /** `resume` tries again and sends only what is missing. */
  | "failed"
  | "cancelled";

export interface Progress {
  /** May decrease: the bytes of a failed request are sent again. */
  readonly bytesSent: number;
  readonly bytesTotal: number;
}

export type TransferEvent =
  | ({ readonly type: "progress" } & Progress)
  /** From "hashing" or "uploading" on, the handle has an `uploadId`: store it to resume later. */
  | { readonly type: "state"; readonly state: TransferState }
  | { readonly type: "error"; readonly error: TransferError };

export interface AddOptions {
  readonly tags?: readonly string[];
  /** Makes the request safe to repeat. Default: a random token. */
  readonly clientToken?: string;
  /** Default: the file's type. */
  readonly contentType?: string;
  /** Default: the file's name. */
  readonly filename?: string;
  /** Resume this upload, sending only what is missing. */
  readonly uploadId?: string;
}

export interface TransferHandle {
  /** The id of the transfer, which is known to this page only. */
  readonly id: string;
  /** The id of the upload, once it has been requested. */
  readonly uploadId: string | undefined;
  readonly file: File;
  readonly state: TransferState;
  readonly progress: Progress;
  /**
   * Resolves when the upload is stored; rejects with a TransferError. `resume` replaces a rejected
   * promise with a new one.
   */
  readonly done: Promise<{ readonly uploadId: string }>;
  /** Call `listener` with each event. Returns a function that unsubscribes it. */
  on(listener: (event: TransferEvent) => void): () => void;
  pause(): void;
  /** Continue after a pause, or retry after a failure. */
  resume(): void;
  /** Stop for good. Resolves when the service has cancelled the upload and discarded its bytes. */
  cancel(): Promise<void>;
}

export interface TransferManager {
  add(file: File, options?: AddOptions): TransferHandle;
  /** Stop and forget all transfers. Their uploads can be resumed by id. */
  close(): void;
}

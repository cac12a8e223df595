import type { TransferError } from "./errors.ts";

/** What the engine asks of the service. Shapes are those of schema.graphql, as far as they are used. */
export interface TransferApi {
  /**
   * Ask to upload up to 500 files; one result a file, in order. With `withParts`, tickets carry
   * `transfer.parts`, so that a small file needs no further call before it is sent.
   */
  requestUploads(
    inputs: readonly UploadInput[],
    withParts: boolean,
  ): Promise<readonly RequestResult[]>;
  /** Signed requests for some parts; none where the upload is not PENDING any more. */
  signParts(uploadId: string, parts: readonly PartChoice[]): Promise<readonly PartRequest[]>;
  /** The upload and the parts that the bucket holds; null where the viewer has no such upload. */
  received(uploadId: string): Promise<ReceivedUpload | null | undefined>;
  complete(uploadId: string): Promise<CompleteResult | null | undefined>;
  /** `complete` for many in one request, results in order; without it they are sent one by one. */
  completeMany?(
    uploadIds: readonly string[],
  ): Promise<readonly (CompleteResult | null | undefined)[]>;
  cancel(uploadId: string): Promise<unknown>;
  // A promise that rejects with a TransferError is final; after anything else the call is repeated.
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

/** A member of RequestUploadResult: a ticket has `upload`, a refusal has `code` and `message`. */
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
  /** Offline, or the bucket can't be reached; goes on by itself. */
  | "waiting"
  | "paused"
  | "completing"
  | "stored"
  /** `resume` tries again, and sends only what is missing. */
  | "failed"
  | "cancelled";

export interface Progress {
  /** May fall: what a broken request has sent is sent again. */
  readonly bytesSent: number;
  readonly bytesTotal: number;
}

export type TransferEvent =
  | ({ readonly type: "progress" } & Progress)
  /** `uploadId` of the handle is known from "hashing" or "uploading" on: keep it to resume later. */
  | { readonly type: "state"; readonly state: TransferState }
  | { readonly type: "error"; readonly error: TransferError };

export interface AddOptions {
  readonly tags?: readonly string[];
  /** Makes the request safe to repeat; made up if left out. */
  readonly clientToken?: string;
  /** The file's own type if left out. */
  readonly contentType?: string;
  /** The name to store; the file's own if left out. */
  readonly filename?: string;
  /** Send what is missing of an upload that was requested before. */
  readonly uploadId?: string;
}

export interface TransferHandle {
  /** Names the transfer in this page only. */
  readonly id: string;
  /** The upload's id in the service, once it is known. */
  readonly uploadId: string | undefined;
  readonly file: File;
  readonly state: TransferState;
  readonly progress: Progress;
  /** Resolves when the upload is stored; rejects with a TransferError. `resume` after a failure begins another. */
  readonly done: Promise<{ readonly uploadId: string }>;
  /** Returns what ends the listening. */
  on(listener: (event: TransferEvent) => void): () => void;
  pause(): void;
  /** Go on after a pause, or try again after a failure. */
  resume(): void;
  /** Stop for good, and have the service delete what was sent; resolves when it has. */
  cancel(): Promise<void>;
}

export interface TransferManager {
  add(file: File, options?: AddOptions): TransferHandle;
  /** Stop all transfers and forget them; the uploads can be resumed by their ids. */
  close(): void;
}

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
  /** Complete up to 100 uploads; returns one result per upload, in order. */
  complete(uploadIds: readonly string[]): Promise<readonly (CompleteResult | null | undefined)[]>;
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

export type UploadState =
  /** Its turn will come. */
  | "queued"
  | "requesting"
  | "hashing"
  | "uploading"
  /** Offline, or a server can't be reached; continues by itself. */
  | "waiting"
  /** A part could not be sent, and is sent again soon; `problem` tells why. */
  | "retrying"
  | "paused"
  | "completing"
  /** An earlier page began it. `reopen` or choosing its file again continues it. */
  | "missing"
  | "stored"
  /** `problem` tells why; `retry` sends only what is missing. */
  | "failed"
  | "cancelled";

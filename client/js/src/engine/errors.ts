/** Why a transfer failed. */
export type TransferErrorKind =
  /** The service refuses the file; `code` is its UserErrorCode. */
  | "refused"
  /** The upload was cancelled, has expired or does not exist; `code` as above. */
  | "closed"
  /** The stored object differs from the declared file. */
  | "rejected"
  /** The service does not respond, or responds with an error that a retry can't fix. */
  | "service"
  /** The bucket or the service can't be reached. */
  | "network"
  /** The bucket refuses the bytes; `code` is S3's error code. */
  | "storage"
  /** The file can't be read: it was moved, changed or deleted. */
  | "file"
  | "cancelled";

/** The error with which a transfer fails. Its message is written for the user. */
export class TransferError extends Error {
  override readonly name = "TransferError";
  readonly kind: TransferErrorKind;
  readonly code: string | undefined;
  /** The response of the service or the bucket, for more detailed messages. */
  readonly detail: unknown;
  /** If the service refused a batch as too large: how many of its files fit. */
  readonly maxFiles: number | undefined;

  constructor(
    kind: TransferErrorKind,
    message: string,
    more: {
      code?: string | undefined;
      detail?: unknown;
      cause?: unknown;
      maxFiles?: number | undefined;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.kind = kind;
    this.code = more.code;
    this.detail = more.detail;
    this.maxFiles = more.maxFiles;
  }
}

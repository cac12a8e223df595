/** Why a transfer can't go on. */
export type TransferErrorKind =
  /** The service does not take the file; `code` is its UserErrorCode. */
  | "refused"
  /** The upload was cancelled, has expired or was never there; `code` as above. */
  | "closed"
  /** The bucket holds something else than was declared. */
  | "rejected"
  /** The service does not answer, or answers what no repetition would change. */
  | "service"
  /** The bucket can't be reached. */
  | "network"
  /** The bucket refuses the bytes; `code` is S3's. */
  | "storage"
  /** The file can't be read: moved, changed or deleted. */
  | "file"
  | "cancelled";

/** A failure of a transfer; its message is a sentence for people. */
export class TransferError extends Error {
  override readonly name = "TransferError";
  readonly kind: TransferErrorKind;
  readonly code: string | undefined;
  /** What the service or the bucket answered, for those who want to say more. */
  readonly detail: unknown;

  constructor(
    kind: TransferErrorKind,
    message: string,
    more: { code?: string | undefined; detail?: unknown; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.kind = kind;
    this.code = more.code;
    this.detail = more.detail;
  }
}

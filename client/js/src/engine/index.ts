export { TransferError, type TransferErrorKind } from "./errors.ts";
export { mediaType } from "./mediaType.ts";
export type * from "./types.ts";

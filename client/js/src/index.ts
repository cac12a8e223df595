export { TransferError } from "./engine/errors.ts";
export type * from "./engine/index.ts";
export { accepts, droppedFiles, type ChosenFile } from "./files.ts";
export type { GetToken } from "./service.ts";
export type * from "./types.ts";
export { createUploads } from "./uploads.ts";

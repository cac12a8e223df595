import type { Uppy, UppyFile } from "@uppy/core";

/** The metadata of each file. Golden Retriever stores it, so that it survives a reload. */
export interface FileMeta {
  [key: string]: unknown;
  /** The name that the file is stored under; Uppy shows `name`, with hidden characters visible. */
  filename?: string;
  /** Identifies the upload in repeated requests. */
  clientToken?: string;
  /** The id of the upload, once it has been requested. */
  uploadId?: string;
  tags?: readonly string[];
}

export type FileBody = Record<string, never>;

export type QueuedFile = UppyFile<FileMeta, FileBody>;
export type Queue = Uppy<FileMeta, FileBody>;

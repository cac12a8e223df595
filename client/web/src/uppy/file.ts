import type { Uppy, UppyFile } from "@uppy/core";

/** What is kept with each file. Golden Retriever writes it down, so a reload knows it again. */
export interface FileMeta {
  [key: string]: unknown;
  /** Makes a repeated request find the same upload again. */
  clientToken?: string;
  /** The upload, once it is known. */
  uploadId?: string;
  tags?: readonly string[];
}

export type FileBody = Record<string, never>;

export type QueuedFile = UppyFile<FileMeta, FileBody>;
export type Queue = Uppy<FileMeta, FileBody>;

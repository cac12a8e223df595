import type { UploadFields } from "../src/api/uploadFields.ts";

/** Return a stored upload as the service sends it. */
export function anUpload(id: string, more: Partial<UploadFields> = {}): UploadFields {
  return {
    __typename: "Upload",
    id,
    filename: `${id}.txt`,
    contentType: "text/plain",
    size: 1,
    tags: [],
    status: "STORED",
    statusReason: null,
    createdAt: "2026-01-01T00:00:00.000Z",
    storedAt: null,
    expiresAt: null,
    trashedAt: null,
    processing: "NONE",
    media: null,
    thumbnail: null,
    ...more,
  };
}

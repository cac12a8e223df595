import type { uploadFields_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";

/**
 * What the cache keeps of an upload in a list, for code outside components. It contains the fields
 * of all components that lists consist of, so that what a mutation returns can be listed.
 */
export const uploadFields = graphql(`
  fragment uploadFields_upload on Upload {
    id
    filename
    contentType
    size
    tags
    status
    statusReason
    createdAt
    storedAt
    expiresAt
    trashedAt
    processing
    media {
      width
      height
      durationSeconds
      pages
      thumbhash
    }
    thumbnail: rendition(name: THUMBNAIL) {
      url
      width
      height
      expiresAt
    }
  }
`);

export type UploadFields = Omit<uploadFields_uploadFragment, " $fragmentName">;

import { graphql } from "../graphql/index.ts";

/** The fields that the library shows. Every response with an upload selects and updates them. */
export const uploadFields = graphql(`
  fragment UploadFields on Upload {
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

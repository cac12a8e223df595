import { graphql } from "../graphql/index.ts";

/** What the library shows of an upload; every answer with an upload brings it up to date. */
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
    download(disposition: INLINE, expiresInSeconds: 3600) {
      url
      expiresAt
    }
  }
`);

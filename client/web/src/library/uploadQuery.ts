import { graphql } from "../graphql/index.ts";

/** One upload with the fields that the details panel shows. */
export const uploadQuery = graphql(`
  query Upload($id: ID!) {
    upload(id: $id) {
      ...UploadFields
      checksum {
        algorithm
        value
      }
      processingError
      media {
        frameRate
        videoCodec
        audioCodec
        capturedAt
        camera
        hasLocation
      }
      preview: rendition(name: PREVIEW) {
        url
        width
        height
        expiresAt
      }
      download(disposition: INLINE, expiresInSeconds: 3600) {
        url
        expiresAt
      }
    }
  }
`);

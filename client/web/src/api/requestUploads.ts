import { graphql } from "../graphql/index.ts";

/**
 * With `withParts`, the request that sends the first part is signed at once: most files have no
 * other. The others are signed as they are sent.
 */
export const requestUploads = graphql(`
  mutation RequestUploads($inputs: [RequestUploadInput!]!, $withParts: Boolean!) {
    requestUploads(input: $inputs) {
      ... on UploadTicket {
        created
        upload {
          ...UploadFields
          transfer {
            partSize
            partCount
            parts(select: [{ number: 1 }]) @include(if: $withParts) {
              ...PartFields
            }
          }
        }
      }
      ... on FileTooLarge {
        maxUploadBytes
      }
      ... on UnsupportedMediaType {
        contentTypes
      }
      ... on QuotaExceeded {
        availableBytes
      }
      ... on InvalidInput {
        fields {
          path
          message
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

import { graphql } from "../graphql/index.ts";

/**
 * With `withParts`, the response includes the signed request for the first part, which for most
 * files is the only one. Further parts are signed shortly before they are sent. With `listed`, it
 * includes what the library shows of the upload.
 */
export const requestUploads = graphql(`
  mutation RequestUploads(
    $inputs: [RequestUploadInput!]!
    $withParts: Boolean!
    $listed: Boolean!
  ) {
    requestUploads(input: $inputs) {
      ... on UploadTicket {
        created
        upload {
          id
          status
          ...uploadFields_upload @unmask @include(if: $listed)
          transfer {
            partSize
            partCount
            parts(select: [{ number: 1 }]) @include(if: $withParts) {
              ...signParts_partRequest @unmask
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

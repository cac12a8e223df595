import { graphql } from "../graphql/index.ts";

/** What completing an upload changes about it. */
export const settledFields = graphql(`
  fragment SettledFields on Upload {
    id
    status
    statusReason
    storedAt
    expiresAt
    processing
  }
`);

export const completeUploads = graphql(`
  mutation CompleteUploads($ids: [ID!]!) {
    completeUploads(ids: $ids) {
      ... on Upload {
        ...SettledFields
      }
      ... on UploadIncomplete {
        missingParts
      }
      ... on UploadRejected {
        upload {
          ...SettledFields
        }
      }
      ... on UploadClosed {
        status
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

import type { completeUploads_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";

/** What completing an upload changes about it. */
export const settledFields = graphql(`
  fragment completeUploads_upload on Upload {
    id
    status
    statusReason
    storedAt
    expiresAt
    processing
  }
`);

export type SettledFields = Omit<completeUploads_uploadFragment, " $fragmentName">;

export const completeUploads = graphql(`
  mutation CompleteUploads($ids: [ID!]!) {
    completeUploads(ids: $ids) {
      ... on Upload {
        ...completeUploads_upload @unmask
      }
      ... on UploadIncomplete {
        missingParts
      }
      ... on UploadRejected {
        upload {
          ...completeUploads_upload @unmask
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

import { graphql } from "../graphql/index.ts";

export const completeUpload = graphql(`
  mutation CompleteUpload($id: ID!) {
    completeUpload(id: $id) {
      ... on Upload {
        ...UploadFields
      }
      ... on UploadIncomplete {
        missingParts
      }
      ... on UploadRejected {
        upload {
          ...UploadFields
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

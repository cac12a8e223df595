import { graphql } from "../graphql/index.ts";

export const cancelUpload = graphql(`
  mutation CancelUpload($id: ID!) {
    cancelUpload(id: $id) {
      ... on Upload {
        ...completeUploads_upload @unmask
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

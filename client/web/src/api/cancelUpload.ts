import { graphql } from "../graphql/index.ts";

export const cancelUpload = graphql(`
  mutation CancelUpload($id: ID!) {
    cancelUpload(id: $id) {
      ... on Upload {
        ...UploadFields
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

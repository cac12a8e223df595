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
    }
  }
`);

import { graphql } from "../graphql/index.ts";

/** One upload with all that the details show. */
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

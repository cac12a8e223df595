import { graphql } from "../graphql/index.ts";

export const receivedParts = graphql(`
  query ReceivedParts($id: ID!) {
    upload(id: $id) {
      id
      status
      size
      transfer {
        partSize
        partCount
        received {
          number
          size
        }
      }
    }
  }
`);

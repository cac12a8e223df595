import { graphql } from "../graphql/index.ts";

export const partFields = graphql(`
  fragment PartFields on PartRequest {
    number
    offset
    size
    method
    url
    headers {
      name
      value
    }
    expiresAt
  }
`);

/** Signed requests for some parts. They are secrets that expire, so they are never cached. */
export const signParts = graphql(`
  query SignParts($id: ID!, $parts: [PartInput!]!) {
    upload(id: $id) {
      id
      status
      transfer {
        parts(select: $parts) {
          ...PartFields
        }
      }
    }
  }
`);

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

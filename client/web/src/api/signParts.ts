import { graphql } from "../graphql/index.ts";

export const partFields = graphql(`
  fragment signParts_partRequest on PartRequest {
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
          ...signParts_partRequest @unmask
        }
      }
    }
  }
`);

import { graphql } from "../graphql/index.ts";

/** Links to a file and to its preview, which anyone can open until they expire. Never cached. */
export const shareQuery = graphql(`
  query ShareLink($id: ID!, $seconds: Int!) {
    upload(id: $id) {
      id
      download(disposition: INLINE, expiresInSeconds: $seconds) {
        url
        expiresAt
      }
      preview: rendition(name: PREVIEW) {
        url
        expiresAt
      }
    }
  }
`);

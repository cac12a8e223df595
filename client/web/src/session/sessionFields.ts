import { graphql } from "../graphql/index.ts";

/** What a page keeps of a session that it is granted. */
export const sessionFields = graphql(`
  fragment SessionFields on Session {
    accessToken
    expiresAt
    user {
      id
      username
    }
  }
`);

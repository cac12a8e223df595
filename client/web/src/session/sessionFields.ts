import { graphql } from "../graphql/index.ts";

/** The fields of a Session that the client uses. */
export const sessionFields = graphql(`
  fragment sessionFields_session on Session {
    accessToken
    expiresAt
    user {
      id
      username
    }
  }
`);

import { graphql } from "../graphql/index.ts";

export const userSessionFields = graphql(`
  fragment UserSessionFields on UserSession {
    id
    current
    createdAt
    lastUsedAt
    userAgent
  }
`);

export const sessionsQuery = graphql(`
  query Sessions {
    viewer {
      id
      sessions {
        ...UserSessionFields
      }
    }
  }
`);

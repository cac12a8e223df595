import { graphql } from "../graphql/index.ts";

export const sessionsQuery = graphql(`
  query SessionsQuery {
    viewer {
      id
      sessions {
        id
        current
        lastUsedAt
        ...SessionList_userSession
      }
    }
  }
`);

import { graphql } from "../graphql/index.ts";

export const apiKeyFields = graphql(`
  fragment ApiKeyFields on ApiKey {
    id
    name
    createdAt
    expiresAt
    lastUsedAt
    scope
  }
`);

export const apiKeysQuery = graphql(`
  query ApiKeys {
    viewer {
      id
      apiKeys {
        ...ApiKeyFields
      }
    }
  }
`);

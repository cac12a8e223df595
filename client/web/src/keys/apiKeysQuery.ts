import { graphql } from "../graphql/index.ts";

export const apiKeysQuery = graphql(`
  query ApiKeysQuery {
    viewer {
      id
      apiKeys {
        id
        name
        ...KeysPage_apiKey
      }
    }
  }
`);

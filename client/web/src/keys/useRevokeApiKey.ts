import { useApolloClient } from "@apollo/client/react";
import { sentence, unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { apiKeysQuery } from "./apiKeysQuery.ts";

const revokeApiKey = graphql(`
  mutation UseRevokeApiKey($id: ID!) {
    revokeApiKey(id: $id) {
      ... on ApiKeyRevoked {
        id
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

/** Revoke an API key; resolves to an error message if that fails. */
export function useRevokeApiKey(): (id: string) => Promise<string | undefined> {
  const client = useApolloClient();
  return async (id) => {
    try {
      const { data } = await client.mutate({
        mutation: revokeApiKey,
        variables: { id },
        optimisticResponse: { revokeApiKey: { __typename: "ApiKeyRevoked", id } },
        update: (cache) => {
          cache.updateQuery({ query: apiKeysQuery }, (keys) =>
            keys?.viewer == null
              ? undefined
              : {
                  ...keys,
                  viewer: {
                    ...keys.viewer,
                    apiKeys: keys.viewer.apiKeys.filter((key) => key.id !== id),
                  },
                },
          );
        },
      });
      const result = data?.revokeApiKey;
      switch (result?.__typename) {
        case "ApiKeyRevoked":
        case "ApiKeyNotFound": // It was already revoked elsewhere.
          return undefined;
        default:
          return unknownMember(result);
      }
    } catch (error) {
      return sentence(error);
    }
  };
}

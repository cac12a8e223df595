import { useMutation } from "@apollo/client/react";
import { attempt, failure, invalidInput, type Failure } from "../accounts/failure.ts";
import { unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { apiKeysQuery } from "./apiKeysQuery.ts";

const createApiKey = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      ... on ApiKeyCreated {
        token
        apiKey {
          ...ApiKeyFields
        }
      }
      ... on InvalidInput {
        fields {
          path
          message
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

interface NewKey {
  readonly name: string;
  readonly expiresAt?: string;
}

/** Create an API key and pass its secret to `onToken`; resolves to a Failure if that fails. */
export function useCreateApiKey(
  onToken: (token: string, name: string) => void,
): (key: NewKey) => Promise<Failure | undefined> {
  // "no-cache" keeps the secret out of Apollo's cache; only the page receives it.
  const [mutate] = useMutation(createApiKey, { fetchPolicy: "no-cache" });
  return (key) =>
    attempt(async () => {
      const { data } = await mutate({
        variables: { input: { ...key } },
        update: (cache, { data }) => {
          const result = data?.createApiKey;
          if (result?.__typename !== "ApiKeyCreated") return;
          cache.updateQuery({ query: apiKeysQuery }, (keys) =>
            keys?.viewer == null
              ? undefined
              : {
                  ...keys,
                  viewer: { ...keys.viewer, apiKeys: [result.apiKey, ...keys.viewer.apiKeys] },
                },
          );
        },
      });
      const result = data?.createApiKey;
      switch (result?.__typename) {
        case "ApiKeyCreated":
          onToken(result.token, result.apiKey.name);
          return undefined;
        case "InvalidInput":
          return invalidInput(result);
        default:
          return failure(unknownMember(result));
      }
    });
}

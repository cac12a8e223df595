import { useApolloClient } from "@apollo/client/react";
import {
  attempt,
  failure,
  invalidInput,
  tooManyAttempts,
  type Failure,
} from "../accounts/failure.ts";
import { unknownMember } from "../api/errors.ts";
import type { ApiKeyScope } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { apiKeysQuery } from "./apiKeysQuery.ts";
import { t } from "../messages/t.ts";

const createApiKey = graphql(`
  mutation UseCreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      ... on ApiKeyCreated {
        token
        apiKey {
          ...KeysPage_apiKey @unmask
        }
      }
      ... on InvalidInput {
        fields {
          path
          message
        }
      }
      ... on TooManyAttempts {
        retryAfterSeconds
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

export interface NewKey {
  readonly name: string;
  readonly scope: ApiKeyScope;
  readonly expiresAt?: string;
  /** Required if the user signed in more than 15 minutes ago. */
  readonly currentPassword?: string;
}

/**
 * Create an API key and pass its secret to `onToken`; resolves to a Failure if that fails. A failure
 * of the field `currentPassword` means that the password is needed, or that it is wrong.
 */
export function useCreateApiKey(
  onToken: (token: string, name: string) => void,
): (key: NewKey) => Promise<Failure | undefined> {
  const client = useApolloClient();
  return (key) =>
    attempt(async () => {
      const { data } = await client.mutate({
        mutation: createApiKey,
        variables: { input: { ...key } },
        // Keeps the secret out of Apollo's cache; only the page receives it.
        fetchPolicy: "no-cache",
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
        case "InvalidCredentials":
          return failure(result.message, { currentPassword: t("accounts.wrongPassword") });
        case "TooManyAttempts":
          return tooManyAttempts(result);
        case "InvalidInput":
          return invalidInput(result);
        default:
          return failure(unknownMember(result));
      }
    });
}

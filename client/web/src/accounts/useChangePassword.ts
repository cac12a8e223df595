import { useApolloClient } from "@apollo/client/react";
import { unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { attempt, failure, invalidInput, tooManyAttempts, type Failure } from "./failure.ts";
import { t } from "../messages/t.ts";

const changePassword = graphql(`
  mutation UseChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      ... on PasswordChanged {
        sessionsEnded
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

interface Passwords {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly revokeApiKeys: boolean;
}

/**
 * Change the password. Calls `onChanged` with the number of other sessions that ended and whether
 * the API keys were revoked; resolves to a Failure if the password was not changed.
 */
export function useChangePassword(
  onChanged: (sessionsEnded: number, keysRevoked: boolean) => void,
): (passwords: Passwords) => Promise<Failure | undefined> {
  const client = useApolloClient();
  return (passwords) =>
    attempt(async () => {
      const { data } = await client.mutate({
        mutation: changePassword,
        variables: { input: { ...passwords } },
        fetchPolicy: "no-cache",
        refetchQueries: ["SessionsQuery"],
      });
      const result = data?.changePassword;
      switch (result?.__typename) {
        case "PasswordChanged":
          onChanged(result.sessionsEnded, passwords.revokeApiKeys);
          return undefined;
        case "InvalidCredentials":
          return failure(result.message, { currentPassword: t("accounts.wrongPassword") });
        case "InvalidInput":
          return invalidInput(result);
        case "TooManyAttempts":
          return tooManyAttempts(result);
        default:
          return failure(unknownMember(result));
      }
    });
}

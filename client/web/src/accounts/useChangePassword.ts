import { useMutation } from "@apollo/client/react";
import { unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { attempt, failure, invalidInput, tooManyAttempts, type Failure } from "./failure.ts";
import { t } from "../messages/t.ts";

const changePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
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
  const [mutate] = useMutation(changePassword, {
    fetchPolicy: "no-cache",
    refetchQueries: ["Sessions"],
  });
  return (passwords) =>
    attempt(async () => {
      const { data } = await mutate({ variables: { input: { ...passwords } } });
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

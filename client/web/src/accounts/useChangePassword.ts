import { useMutation } from "@apollo/client/react";
import { unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { attempt, failure, invalidInput, tooManyAttempts, type Failure } from "./failure.ts";

const changePassword = graphql(`
  mutation ChangePassword($currentPassword: String!, $newPassword: String!) {
    changePassword(input: { currentPassword: $currentPassword, newPassword: $newPassword }) {
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
}

/**
 * Change the password. Calls `onChanged` with the number of other sessions that ended; resolves to
 * a Failure if the password was not changed.
 */
export function useChangePassword(
  onChanged: (sessionsEnded: number) => void,
): (passwords: Passwords) => Promise<Failure | undefined> {
  const [mutate] = useMutation(changePassword, { fetchPolicy: "no-cache" });
  return (passwords) =>
    attempt(async () => {
      const { data } = await mutate({ variables: { ...passwords } });
      const result = data?.changePassword;
      switch (result?.__typename) {
        case "PasswordChanged":
          onChanged(result.sessionsEnded);
          return undefined;
        case "InvalidCredentials":
          return failure(result.message, { currentPassword: "This password is incorrect." });
        case "InvalidInput":
          return invalidInput(result);
        case "TooManyAttempts":
          return tooManyAttempts("Too many failed attempts.", result);
        default:
          return failure(unknownMember(result));
      }
    });
}

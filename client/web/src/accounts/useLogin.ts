import { textOf } from "../api/documentText.ts";
import { unknownMember } from "../api/errors.ts";
import { send } from "../api/send.ts";
import { graphql } from "../graphql/index.ts";
import { session } from "../session/session.ts";
import { attempt, failure, tooManyAttempts, type Failure } from "./failure.ts";
import { t } from "../messages/t.ts";

const login = textOf(
  graphql(`
    mutation UseLogin($username: String!, $password: String!) {
      login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {
        __typename
        ... on Session {
          ...sessionFields_session
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
  `),
);

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Sign in; resolves to a Failure if that is not possible. */
export function useLogin(): (credentials: Credentials) => Promise<Failure | undefined> {
  return (credentials) =>
    attempt(async () => {
      const { login: result } = await send(login, { ...credentials });
      switch (result.__typename) {
        case "Session":
          await session.begin(result);
          return undefined;
        case "InvalidCredentials":
          return failure(t("accounts.wrongLogin"));
        case "TooManyAttempts":
          return tooManyAttempts(result);
        default:
          return failure(unknownMember(result));
      }
    });
}

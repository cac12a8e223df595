import { textOf } from "../api/documentText.ts";
import { waiting } from "../format/waiting.ts";
import { unknownMember } from "../api/errors.ts";
import { send } from "../api/send.ts";
import { graphql } from "../graphql/index.ts";
import { session } from "../session/session.ts";
import { attempt, failure, invalidInput, type Failure } from "./failure.ts";
import { t } from "../messages/t.ts";

const signUp = textOf(
  graphql(`
    mutation UseSignUp($username: String!, $password: String!, $email: String) {
      signUp(
        input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }
      ) {
        __typename
        ... on Session {
          ...sessionFields_session
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
  `),
);

interface NewAccount {
  readonly username: string;
  readonly password: string;
  readonly email?: string;
}

/** Create an account and sign in to it; resolves to a Failure if that is not possible. */
export function useSignUp(): (account: NewAccount) => Promise<Failure | undefined> {
  return (account) =>
    attempt(async () => {
      const { signUp: result } = await send(signUp, { ...account });
      switch (result.__typename) {
        case "Session":
          await session.begin(result);
          return undefined;
        case "UsernameTaken":
          return failure(result.message, {
            username: t("accounts.taken"),
          });
        case "InvalidInput":
          return invalidInput(result);
        case "TooManyAttempts":
          return failure(t("accounts.tooManySignUps", { time: waiting(result.retryAfterSeconds) }));
        default:
          return failure(unknownMember(result));
      }
    });
}

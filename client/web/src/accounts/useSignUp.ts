import { useMutation } from "@apollo/client/react";
import { unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { session } from "../session/session.ts";
import { attempt, failure, invalidInput, tooManyAttempts, type Failure } from "./failure.ts";

const signUp = graphql(`
  mutation SignUp($username: String!, $password: String!, $email: String) {
    signUp(
      input: { username: $username, password: $password, email: $email, tokenDelivery: COOKIE }
    ) {
      ... on Session {
        ...SessionFields
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

interface NewAccount {
  readonly username: string;
  readonly password: string;
  readonly email?: string;
}

/** Create an account and sign in to it; resolves to a Failure if that is not possible. */
export function useSignUp(): (account: NewAccount) => Promise<Failure | undefined> {
  const [mutate] = useMutation(signUp, { context: { anonymous: true }, fetchPolicy: "no-cache" });
  return (account) =>
    attempt(async () => {
      const { data } = await mutate({ variables: { ...account } });
      const result = data?.signUp;
      switch (result?.__typename) {
        case "Session":
          await session.begin(result);
          return undefined;
        case "UsernameTaken":
          return failure(result.message, {
            username: "This username is taken. Choose another one.",
          });
        case "InvalidInput":
          return invalidInput(result);
        case "TooManyAttempts":
          return tooManyAttempts("Too many sign-ups from this network.", result);
        default:
          return failure(unknownMember(result));
      }
    });
}

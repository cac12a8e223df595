import { useMutation } from "@apollo/client/react";
import { unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { session } from "../session/session.ts";
import { attempt, failure, tooManyAttempts, type Failure } from "./failure.ts";

const login = graphql(`
  mutation Login($username: String!, $password: String!) {
    login(input: { username: $username, password: $password, tokenDelivery: COOKIE }) {
      ... on Session {
        ...SessionFields
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

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Sign in; resolves to a Failure if that is not possible. */
export function useLogin(): (credentials: Credentials) => Promise<Failure | undefined> {
  const [mutate] = useMutation(login, { context: { anonymous: true }, fetchPolicy: "no-cache" });
  return (credentials) =>
    attempt(async () => {
      const { data } = await mutate({ variables: { ...credentials } });
      const result = data?.login;
      switch (result?.__typename) {
        case "Session":
          await session.begin(result);
          return undefined;
        case "InvalidCredentials":
          return failure("Incorrect username or password.");
        case "TooManyAttempts":
          return tooManyAttempts("Too many failed attempts.", result);
        default:
          return failure(unknownMember(result));
      }
    });
}

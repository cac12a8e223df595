import { CombinedGraphQLErrors, ServerError } from "@apollo/client/errors";

/**
 * For the default branch over a union's members: fails to compile where a member is not handled.
 * A service that is newer than this page may send one that nobody knew; its message is shown.
 */
export function unknownMember(result: undefined): string {
  const { message } = Object(result) as { message?: unknown };
  return typeof message === "string" ? message : "The service gave an answer this page can't read.";
}

/** The `extensions.code` of the first error, if the server gave one. */
export function errorCode(error: unknown): string | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const code = error.errors[0]?.extensions?.["code"];
  return typeof code === "string" ? code : undefined;
}

/** What went wrong, as a sentence that says what can be done. */
export function sentence(error: unknown): string {
  if (CombinedGraphQLErrors.is(error)) return graphqlSentence(error);
  if (ServerError.is(error)) {
    return `The service answered with an error (${error.statusCode}). Try again in a moment.`;
  }
  if (!navigator.onLine) return "You are offline. This works again when the connection is back.";
  return "The service can't be reached. Check your connection, then try again.";
}

function graphqlSentence(error: CombinedGraphQLErrors): string {
  const first = error.errors[0];
  switch (errorCode(error)) {
    case "UNAUTHENTICATED":
      return "Your session has ended. Log in again.";
    case "RATE_LIMITED":
      return "Too many requests at once. Wait a moment, then try again.";
    case "INTERNAL":
      return first?.message ?? "Something went wrong on our side. Try again in a moment.";
    default:
      return first?.message ?? "Something went wrong. Try again in a moment.";
  }
}

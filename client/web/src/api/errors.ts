import { CombinedGraphQLErrors, ServerError } from "@apollo/client/errors";

/**
 * Return the message of an unknown union member. Used in the default branch of a `switch` over
 * `__typename`: the code does not compile if a known member is not handled. A newer service may
 * still return a member that this page does not know.
 */
export function unknownMember(result: undefined): string {
  const { message } = Object(result) as { message?: unknown };
  return typeof message === "string"
    ? message
    : "The service sent an unexpected response. Reload the page and try again.";
}

/** Return the `extensions.code` of the first error, if there is one. */
export function errorCode(error: unknown): string | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const code = error.errors[0]?.extensions?.["code"];
  return typeof code === "string" ? code : undefined;
}

/** Return how many files fit, if the service refused a batch because of its response's size. */
export function maxFiles(error: unknown): number | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const most = error.errors[0]?.extensions?.["maxFiles"];
  return typeof most === "number" ? most : undefined;
}

/** Describe an error to the user: what happened and what to do next. */
export function sentence(error: unknown): string {
  if (CombinedGraphQLErrors.is(error)) return graphqlSentence(error);
  if (ServerError.is(error)) {
    return `The service returned an error (${error.statusCode}). Try again in a moment.`;
  }
  if (!navigator.onLine) return "You are offline. Check your connection, then try again.";
  return "The service can't be reached. Check your connection, then try again.";
}

function graphqlSentence(error: CombinedGraphQLErrors): string {
  const first = error.errors[0];
  switch (errorCode(error)) {
    case "UNAUTHENTICATED":
      return "Your session has ended. Sign in again.";
    case "RATE_LIMITED":
      return "Too many requests. Wait a moment, then try again.";
    case "INTERNAL":
      return first?.message ?? "Something went wrong on our side. Try again in a moment.";
    default:
      return first?.message ?? "Something went wrong. Try again in a moment.";
  }
}

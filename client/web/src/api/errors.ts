import { t } from "../messages/t.ts";
interface GraphQLError {
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/**
 * Return the GraphQL errors that an error carries. It is told by its fields, not by its class,
 * because the pages for visitors don't load Apollo Client.
 */
function graphqlErrors(error: unknown): readonly GraphQLError[] | undefined {
  const { errors } = Object(error) as { errors?: unknown };
  return Array.isArray(errors) ? (errors as GraphQLError[]) : undefined;
}

/** Return the HTTP status of a response that is an error. */
export function statusOf(error: unknown): number | undefined {
  const { statusCode } = Object(error) as { statusCode?: unknown };
  return typeof statusCode === "number" && statusCode >= 400 ? statusCode : undefined;
}

/**
 * Return the message of an unknown union member. Used in the default branch of a `switch` over
 * `__typename`: the code does not compile if a known member is not handled. A newer service may
 * still return a member that this page does not know.
 */
export function unknownMember(result: undefined): string {
  const { message } = Object(result) as { message?: unknown };
  return typeof message === "string" ? message : t("problem.unexpected");
}

/** Return the `extensions.code` of the first error, if there is one. */
export function errorCode(error: unknown): string | undefined {
  const code = graphqlErrors(error)?.[0]?.extensions?.["code"];
  return typeof code === "string" ? code : undefined;
}

/** Return how many files fit, if the service refused a batch because of its response's size. */
export function maxFiles(error: unknown): number | undefined {
  const most = graphqlErrors(error)?.[0]?.extensions?.["maxFiles"];
  return typeof most === "number" ? most : undefined;
}

/** Describe an error to the user: what happened and what to do next. */
export function sentence(error: unknown): string {
  const [first] = graphqlErrors(error) ?? [];
  if (first !== undefined) return graphqlSentence(errorCode(error), first);
  const status = statusOf(error);
  if (status !== undefined) {
    return t("problem.status", { status });
  }
  if (!navigator.onLine) return t("problem.offline");
  return t("problem.unreachable");
}

function graphqlSentence(code: string | undefined, { message }: GraphQLError): string {
  switch (code) {
    case "UNAUTHENTICATED":
      return t("problem.unauthenticated");
    case "FORBIDDEN":
      return t("problem.forbidden");
    case "RATE_LIMITED":
      return t("problem.rateLimited");
    case "INTERNAL":
      return message || t("problem.internal");
    default:
      return message || t("problem.other");
  }
}

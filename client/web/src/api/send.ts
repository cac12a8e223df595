import type { Unmasked } from "@apollo/client";
import type { DocumentText } from "./documentText.ts";

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** A response without data. It carries what `sentence` reads from errors of Apollo Client, too. */
class NoData extends Error {
  constructor(
    readonly statusCode: number,
    readonly errors: Answer<unknown>["errors"],
  ) {
    super(errors?.[0]?.message ?? `The response (${statusCode}) contains no data.`);
  }
}

/**
 * Send an operation that needs no access token. These are the operations of visitors, for whom the
 * browser then need not load Apollo Client.
 */
export async function send<Result, Variables>(
  query: DocumentText<Result, Variables>,
  variables?: Variables,
  init?: RequestInit,
): Promise<Unmasked<Result>> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    credentials: "include",
    body: JSON.stringify({ query, variables }),
    ...init,
  });
  const { data, errors } = await answerOf<Unmasked<Result>>(response);
  if (data == null) throw new NoData(response.status, errors);
  return data;
}

async function answerOf<Result>(response: Response): Promise<Answer<Result>> {
  try {
    return (await response.json()) as Answer<Result>;
  } catch (error) {
    // Proxies answer with pages of their own.
    if (!response.ok) return {};
    throw error;
  }
}

import type { Unmasked } from "@apollo/client";
import type { DocumentText } from "./documentText.ts";

interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly { readonly message: string }[];
}

interface SendOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly keepalive?: boolean;
}

/** A response with errors. It carries what `sentence` reads from errors of Apollo Client, too. */
class Refused extends Error {
  constructor(
    readonly statusCode: number,
    readonly errors: Answer<unknown>["errors"],
  ) {
    super(errors?.[0]?.message ?? `The response (${statusCode}) contains no data.`);
  }
}

/**
 * Send an operation without Apollo Client: one of visitors, for whom the browser then need not load
 * it, or one that is sent before it has arrived.
 */
export async function send<Result, Variables>(
  query: DocumentText<Result, Variables>,
  variables?: Variables,
  { headers, ...options }: SendOptions = {},
): Promise<Unmasked<Result>> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", ...headers },
    credentials: "include",
    body: JSON.stringify({ query, variables }),
    ...options,
  });
  const { data, errors } = await answerOf<Unmasked<Result>>(response);
  if (data == null || errors !== undefined) throw new Refused(response.status, errors);
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

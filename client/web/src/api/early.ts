import type { Unmasked } from "@apollo/client";
import { session } from "../session/session.ts";
import type { DocumentText } from "./documentText.ts";
import { send } from "./send.ts";

/** The answers to queries that were sent early and not taken yet. */
const answers = new Map<string, Promise<object | undefined>>();

/**
 * Send a query as soon as there is a session, while the code that will ask for it is still on its way.
 * Resolves to its data; to undefined if the request failed.
 */
export function sendEarly<Result extends object, Variables extends object>(
  query: DocumentText<Result, Variables>,
  variables: Variables,
): Promise<Unmasked<Result> | undefined> {
  const answer = answerTo(query, variables).catch(() => undefined);
  const [, name = ""] = query.split(/\W/, 2);
  answers.set(keyOf(name, variables), answer);
  return answer;
}

/**
 * Take the answer to a query that was sent early with these variables; undefined if there is none. It
 * resolves to undefined if the request failed. Each answer is taken once: from then on, Apollo Client has it.
 */
export function takeEarly(
  name: string | undefined,
  variables: object,
): Promise<object | undefined> | undefined {
  const key = keyOf(name, variables);
  const answer = answers.get(key);
  answers.delete(key);
  return answer;
}

function keyOf(name: string | undefined, variables: object): string {
  return `${name} ${JSON.stringify(variables)}`;
}

async function answerTo<Result, Variables>(
  query: DocumentText<Result, Variables>,
  variables: Variables,
): Promise<Unmasked<Result> | undefined> {
  const token = await session.token();
  if (token === undefined) return undefined;
  return send(query, variables, { headers: { authorization: `Bearer ${token}` } });
}

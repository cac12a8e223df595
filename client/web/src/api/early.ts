import type { Unmasked } from "@apollo/client";
import { session } from "../session/session.ts";
import type { DocumentText } from "./documentText.ts";
import { send } from "./send.ts";

interface Early {
  readonly variables: string;
  readonly answer: Promise<object | undefined>;
}

/** What was sent early and not taken yet, by the operation's name. */
const sent = new Map<string, Early>();

/**
 * Send a query as soon as there is a session, while the code that will ask for it is still on its way.
 * Resolves to its data; to undefined if the request failed.
 */
export function sendEarly<Result, Variables extends object>(
  query: DocumentText<Result, Variables>,
  variables: Variables,
): Promise<Unmasked<Result> | undefined> {
  const answer = answerTo(query, variables).catch(() => undefined);
  const [, name = ""] = query.split(/\W/, 2);
  sent.set(name, { variables: JSON.stringify(variables), answer: answer as Early["answer"] });
  return answer;
}

/**
 * Return the data of a query if it was sent early with these variables; it is undefined if the request
 * failed. There is only one answer: from then on, Apollo Client has it.
 */
export function takeEarly(
  name: string | undefined,
  variables: object,
): Promise<object | undefined> | undefined {
  const early = sent.get(name ?? "");
  sent.delete(name ?? "");
  return early?.variables === JSON.stringify(variables) ? early.answer : undefined;
}

async function answerTo<Result, Variables>(
  query: DocumentText<Result, Variables>,
  variables: Variables,
): Promise<Unmasked<Result> | undefined> {
  const token = await session.token();
  if (token === undefined) return undefined;
  return send(query, variables, { headers: { authorization: `Bearer ${token}` } });
}

import type { Unmasked } from "@apollo/client";
import { sentTextOf } from "../api/documentText.ts";
import { send } from "../api/send.ts";
import type { UploadsQueryQuery } from "../graphql/graphql.ts";
import { hasOwner } from "../session/browserStorage.ts";
import { session } from "../session/session.ts";
import { listVariables, readFilters, type ListVariables } from "./filters.ts";
import { uploadsQuery } from "./uploadsQuery.ts";

type Answer = Unmasked<UploadsQueryQuery>;

/** The largest page that the service returns. */
const PAGE_SIZE = 100;

/** So many of the first thumbnails are loaded before there is a page to show them. */
const THUMBNAILS = 4;

let requested:
  { readonly variables: string; readonly answer: Promise<Answer | undefined> } | undefined;

/** Return the variables of the query for the first page of a list. */
export function firstPage(variables: ListVariables): ListVariables & { readonly first: number } {
  return { first: PAGE_SIZE, ...variables };
}

/**
 * Request what the library shows first as soon as there is a session, while the code of the page is
 * still on its way.
 */
export function requestFirstPage(): void {
  if (!hasOwner() || !/^\/(library)?$/.test(location.pathname)) return;
  const variables = firstPage(listVariables(readFilters(new URLSearchParams(location.search))));
  const answer = request(variables).catch(() => undefined);
  requested = { variables: JSON.stringify(variables), answer };
}

/**
 * Return the answer if it was requested with these variables; it is undefined if the request failed.
 * There is only one: from then on, Apollo Client has it.
 */
export function takeFirstPage(variables: object): Promise<Answer | undefined> | undefined {
  const taken = requested;
  requested = undefined;
  return taken?.variables === JSON.stringify(variables) ? taken.answer : undefined;
}

async function request(variables: ReturnType<typeof firstPage>): Promise<Answer | undefined> {
  const token = await session.token();
  if (token === undefined) return undefined;
  const answer = await send(sentTextOf(uploadsQuery), variables, {
    headers: { authorization: `Bearer ${token}` },
  });
  for (const { node } of answer.uploads.edges.slice(0, THUMBNAILS)) {
    if (node.thumbnail !== null) preload(node.thumbnail.url);
  }
  return answer;
}

function preload(url: string): void {
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "image";
  link.href = url;
  document.head.append(link);
}

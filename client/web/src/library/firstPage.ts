import { sentTextOf } from "../api/documentText.ts";
import { sendEarly } from "../api/early.ts";
import { hasOwner } from "../session/browserStorage.ts";
import { requestedId } from "../viewer/requested.ts";
import { listVariables, readFilters, type ListVariables } from "./filters.ts";
import { uploadsQuery } from "./uploadsQuery.ts";

/** The largest page that the service returns. */
const PAGE_SIZE = 100;

/** So many of the first thumbnails are loaded before there is a page to show them. */
const THUMBNAILS = 4;

/** Return the variables of the query for the first page of a list. */
export function firstPage(variables: ListVariables): ListVariables & { readonly first: number } {
  return { first: PAGE_SIZE, ...variables };
}

/** Return whether this visit begins with the library of somebody who has signed in before. */
export function beginsWithLibrary(): boolean {
  return hasOwner() && /^\/(library)?$/.test(location.pathname);
}

/**
 * Request what the library shows first as soon as there is a session, while the code of the page is
 * still on its way.
 */
export function requestFirstPage(): void {
  if (!beginsWithLibrary()) return;
  const variables = firstPage(listVariables(readFilters(new URLSearchParams(location.search))));
  void sendEarly(sentTextOf(uploadsQuery), variables).then((data) => {
    if (requestedId() !== null) return; // The viewer covers the list.
    for (const { node } of data?.uploads.edges.slice(0, THUMBNAILS) ?? []) {
      preloadImage(node.thumbnail?.url);
    }
  });
}

/** Load a picture before there is a page to show it. */
export function preloadImage(url: string | undefined): void {
  if (url === undefined) return;
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "image";
  link.href = url;
  document.head.append(link);
}

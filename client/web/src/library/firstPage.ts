import { sentTextOf } from "../api/documentText.ts";
import { sendEarly } from "../api/early.ts";
import { hasOwner } from "../session/browserStorage.ts";
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

/** Return the id of the file that the viewer shows at once, if any. */
export function viewedFile(): string | null {
  return new URLSearchParams(location.search).get("view");
}

/**
 * Request what the library shows first as soon as there is a session, while the code of the page is
 * still on its way.
 */
export function requestFirstPage(): void {
  if (!hasOwner() || !/^\/(library)?$/.test(location.pathname)) return;
  const variables = firstPage(listVariables(readFilters(new URLSearchParams(location.search))));
  void sendEarly(sentTextOf(uploadsQuery), variables).then((data) => {
    if (viewedFile() !== null) return; // It covers the list.
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

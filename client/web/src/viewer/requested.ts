/** The search parameter with the id of the file that the viewer shows. */
export const PARAMETER = "view";

/** Return the id in the current URL, which changes before the page follows. */
export function requestedId(): string | null {
  return new URLSearchParams(location.search).get(PARAMETER);
}

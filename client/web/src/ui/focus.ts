const FOCUSABLE = "a[href], button:enabled, input:enabled, select, [tabindex='0']";
/** In these, the user continues at the neighbour of a removed element. */
const LISTS = "ul, ol, tbody, dialog, [role='list'], [role='grid'], [role='rowgroup']";

/**
 * Remember the place of an element. The returned function focuses the element; if it is gone, its
 * neighbour in the same list, or else what contains it, at last the page's content.
 */
export function rememberPlace(element: Element | null): () => void {
  const places: { readonly parent: Element; readonly index: number }[] = [];
  for (let child = element; child?.parentElement != null; child = child.parentElement) {
    const parent = child.parentElement;
    places.push({ parent, index: Array.prototype.indexOf.call(parent.children, child) });
  }
  return () => {
    if (element !== document.body && takesFocus(element)) return;
    for (const { parent, index } of places) {
      if (!parent.isConnected || parent === document.body) continue;
      if (takesFocus(parent)) return;
      const neighbour = parent.children[Math.min(index, parent.children.length - 1)];
      if (!parent.matches(LISTS) || neighbour === undefined) continue;
      if (takesFocus(neighbour) || takesFocus(neighbour.querySelector(FOCUSABLE))) return;
    }
    takesFocus(document.getElementById("content"));
  };
}

/** Return the list's element of an upload. */
export function entryOf(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-upload="${CSS.escape(id)}"]`);
}

/** Focus the page's content if nothing has the focus. */
export function focusContent(): void {
  if (document.activeElement === document.body) takesFocus(document.getElementById("content"));
}

function takesFocus(element: Element | null): boolean {
  if (!(element instanceof HTMLElement) || !element.isConnected) return false;
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

/**
 * Keep the focus from falling to the page's body when the element that has it is removed: a deleted
 * file, a dismissed notice, the page that a link has left. If the user
 * clicks on an empty area, the focus is not restored.
 */
export function keepFocus(): void {
  let focused: Element | undefined;
  let restore: (() => void) | undefined;
  addEventListener("focusin", ({ target }) => {
    focused = target as Element;
    restore = rememberPlace(focused);
  });
  new MutationObserver(() => {
    // The next page may not be there yet; it is a change, too.
    const isLost = focused?.isConnected === false && document.activeElement === document.body;
    if (isLost) restore?.();
  }).observe(document.body, { childList: true, subtree: true });
  addEventListener("focusout", () => {
    setTimeout(() => {
      const left = focused?.isConnected === true && document.activeElement === document.body;
      if (left) restore = undefined;
    });
  });
}

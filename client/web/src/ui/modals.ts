/** The open modal dialogs; the last one is in front. */
let modals: readonly HTMLDialogElement[] = [];
const listeners = new Set<() => void>();

function set(next: readonly HTMLDialogElement[]): void {
  modals = next;
  for (const listener of listeners) listener();
}

/**
 * Open a dialog in front of the page, which is inert until the returned function closes it. What
 * must stay reachable, such as notices, belongs into the dialog in front: see `frontModal`.
 */
export function openModal(dialog: HTMLDialogElement): () => void {
  dialog.showModal();
  set([...modals, dialog]);
  return () => {
    set(modals.filter((other) => other !== dialog));
    dialog.close();
  };
}

/** Return the only part of the page that users can reach; undefined if that is the whole page. */
export function frontModal(): HTMLDialogElement | undefined {
  return modals.at(-1);
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

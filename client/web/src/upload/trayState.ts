import { useSyncExternalStore } from "react";

/** Whether the tray is open; it starts as a line on each page load. */
let open = false;
const listeners = new Set<() => void>();

export function setTrayOpen(next: boolean): void {
  open = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTrayOpen(): boolean {
  return useSyncExternalStore(subscribe, () => open);
}

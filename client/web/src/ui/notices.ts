import type { ReactNode } from "react";

/** A short message that disappears after a few seconds. */
export interface Notice {
  readonly id: number;
  readonly text: ReactNode;
  readonly kind: "done" | "problem";
}

const SHOWN_MS = 6000;
let notices: readonly Notice[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

export function notify(text: ReactNode, kind: Notice["kind"] = "done"): void {
  const notice = { id: nextId++, text, kind };
  set([...notices.slice(-3), notice]);
  setTimeout(() => dismiss(notice.id), SHOWN_MS);
}

export function dismiss(id: number): void {
  set(notices.filter((notice) => notice.id !== id));
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function getNotices(): readonly Notice[] {
  return notices;
}

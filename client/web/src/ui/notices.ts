import type { ReactNode } from "react";

/** What a notice offers to do, such as "Undo". */
export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** A short message. It disappears by itself, unless it tells of a problem. */
export interface Notice {
  readonly id: number;
  readonly text: ReactNode;
  readonly kind: "done" | "problem";
  readonly action?: NoticeAction | undefined;
}

/** Of the notices that need no answer, at most this many are shown at once. */
const MOST_DONE = 3;
let notices: readonly Notice[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

/** Show a notice. A problem stays until the user dismisses it, and the same one is not repeated. */
export function notify(
  text: ReactNode,
  kind: Notice["kind"] = "done",
  action?: NoticeAction,
): void {
  const notice = { id: nextId++, text, kind, action };
  const others = notices.filter((other) => other.kind === "done" || other.text !== text);
  const done = others.filter((other) => other.kind === "done");
  const oldest = kind === "done" && done.length >= MOST_DONE ? done[0] : undefined;
  set([...others.filter((other) => other !== oldest), notice]);
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

import { useRef, type MouseEvent } from "react";
import { entryOf } from "../ui/focus.ts";

/** Two clicks at one place within this time are a double click, no matter what is under the second one. */
const DOUBLE_MS = 500;
const SAME_PLACE_PX = 6;

interface Click {
  readonly id: string;
  readonly event: MouseEvent;
}

interface SecondClick {
  /** Note that the click that is being handled has opened the details of a file. */
  readonly opened: (id: string) => void;
  /** Handles the clicks on all that may lie under the second one. */
  readonly onClickCapture: (event: MouseEvent) => void;
}

/**
 * View a file on a double click. The first click opens the details, which move the files or cover
 * them, so the second one may be on anything; browsers then report no double click.
 */
export function useSecondClick(onView: (id: string) => void): SecondClick {
  const current = useRef<MouseEvent>(undefined);
  const first = useRef<Click>(undefined);
  return {
    opened: (id) => {
      if (current.current !== undefined) first.current = { id, event: current.current };
    },
    onClickCapture: (event) => {
      const before = first.current;
      first.current = undefined;
      current.current = event;
      if (before === undefined || !follows(event, before.event)) return;
      event.preventDefault();
      event.stopPropagation();
      // The second click has moved the focus. It returns to the file when the viewer closes.
      entryOf(before.id)?.focus();
      onView(before.id);
    },
  };
}

function follows(second: MouseEvent, first: MouseEvent): boolean {
  const distance = Math.hypot(second.clientX - first.clientX, second.clientY - first.clientY);
  const soon = second.detail === 2 || second.timeStamp - first.timeStamp < DOUBLE_MS;
  // Clicks by the keyboard have no detail.
  return second.detail > 0 && soon && distance <= SAME_PLACE_PX;
}

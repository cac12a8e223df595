import { useEffect, useRef, type KeyboardEvent, type RefObject } from "react";
import { stepTo } from "../ui/direction.ts";

interface ListKeys {
  readonly list: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly columns: number;
  /** How many files fit into the window. */
  readonly page: number;
  /** The place of the file that has the list's only tab stop. */
  readonly active: number;
  readonly onMove: (place: number) => void;
  readonly onSelect: (place: number, range: boolean) => void;
  readonly onView: (place: number) => void;
  readonly onDelete: (place: number) => void;
}

/** The attribute of the element of each file that takes the focus. */
export const STOP = "data-stop";

/**
 * Move through the list with the arrow keys, Home, End and the page keys; Space selects, with Shift
 * a range; V shows the file in the viewer; Delete deletes. Enter clicks the focused element by itself.
 */
export function useListKeys(keys: ListKeys): (event: KeyboardEvent) => void {
  const { list, count, active, onMove, onSelect, onView, onDelete } = keys;
  const moved = useRef(false);
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    // The browser scrolls to it.
    list.current?.querySelector<HTMLElement>(`[${STOP}="${active}"]`)?.focus();
  }, [list, active]);

  function move(to: number, event: KeyboardEvent) {
    event.preventDefault();
    const place = Math.max(0, Math.min(count - 1, to));
    moved.current = place !== active;
    onMove(place);
    if (event.shiftKey && place !== active) onSelect(place, true);
  }
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof HTMLElement) || !event.target.hasAttribute(STOP)) return;
    const to = targetOf(event.key, keys);
    if (to !== undefined) move(to, event);
    if (![" ", "v", "Delete"].includes(event.key)) return;
    event.preventDefault(); // Space would click, too.
    if (event.key === " ") onSelect(active, event.shiftKey);
    else if (event.key === "v") onView(active);
    else onDelete(active);
  };
}

/** Return the place that a key leads to. */
function targetOf(key: string, { active, columns, count, page }: ListKeys): number | undefined {
  switch (key) {
    case "ArrowRight":
      return active + stepTo("right");
    case "ArrowLeft":
      return active + stepTo("left");
    case "ArrowDown":
      return active + columns;
    case "ArrowUp":
      return active < columns ? active : active - columns;
    case "PageDown":
      return active + page;
    case "PageUp":
      return active - page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

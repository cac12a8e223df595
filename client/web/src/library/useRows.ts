import { startTransition, useEffect, useLayoutEffect, useState, type RefObject } from "react";

/** Rows above and below those in view. */
const OVERSCAN = 2;

/** Where the list is in the page, in CSS pixels. */
export interface Box {
  readonly top: number;
  readonly width: number;
}

/** Return where an element is in the page; undefined until it is laid out. */
export function useBox(element: RefObject<HTMLElement | null>): Box | undefined {
  const [box, setBox] = useState<Box>();
  // Before the first paint, which would lack the rows.
  useLayoutEffect(() => {
    const list = element.current;
    if (list === null) return;
    const look = () => {
      const { top, width } = list.getBoundingClientRect();
      const next = { top: Math.round(top + window.scrollY), width };
      setBox((known) => (known?.top === next.top && known.width === width ? known : next));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(list);
    // What is above the list changes the height of the page.
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return box;
}

export interface Row {
  readonly index: number;
  /** The distance from the start of the list. */
  readonly start: number;
}

export interface Rows {
  /** Render the rows in view at once, after the page itself has scrolled. */
  readonly look: () => void;
  readonly rows: readonly Row[];
  readonly heightPx: number;
  /** The first and the last row in view. */
  readonly shown: { readonly first: number; readonly last: number } | undefined;
}

interface RowsOptions {
  readonly count: number;
  /** All rows have one height: measuring them would take longer the more files there are. */
  readonly rowPx: number;
  readonly topPx: number;
  /** A row that stays in the page when it is out of view: it has the focus. */
  readonly kept: number;
}

/**
 * Return the rows to render: those in view, as the user scrolls the page. Since all rows have one
 * height, this needs no measuring. A library that can measure would be 7 kB of the first load.
 */
export function useRows({ count, rowPx, topPx, kept }: RowsOptions): Rows {
  const [view, setView] = useState(currentView);
  const rowAt = (y: number) => Math.max(0, Math.min(count - 1, Math.floor((y - topPx) / rowPx)));
  const first = rowAt(view.top);
  const last = rowAt(view.bottom);
  const look = () => {
    const next = currentView();
    if (rowAt(next.top) !== first || rowAt(next.bottom) !== last) setView(next);
  };
  useEffect(() => {
    // Scrolling goes on while the files of new rows are rendered.
    const follow = () => startTransition(look);
    follow();
    window.addEventListener("scroll", follow, { passive: true });
    window.addEventListener("resize", follow);
    return () => {
      window.removeEventListener("scroll", follow);
      window.removeEventListener("resize", follow);
    };
  });
  const from = Math.max(0, first - OVERSCAN);
  const to = Math.min(count - 1, last + OVERSCAN);
  const indices = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  if (kept < from) indices.unshift(kept);
  else if (kept > to && kept < count) indices.push(kept);
  return {
    look,
    rows: count === 0 ? [] : indices.map((index) => ({ index, start: index * rowPx })),
    heightPx: count * rowPx,
    shown: count === 0 ? undefined : { first, last },
  };
}

/** Return the part of the page that is in the window, in CSS pixels. */
function currentView() {
  return { top: window.scrollY, bottom: window.scrollY + window.innerHeight };
}

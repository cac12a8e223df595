import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation, useNavigationType } from "react-router";
import { keepPlace, placeOf, type Place } from "./places.ts";

/** A scroll is over when nothing has moved for this long. */
const PAUSE_MS = 100;
/** A place is searched among this many files at most. */
const SEARCHED_MAX = 1000;

interface PlaceOptions {
  /** Whether the list is laid out. */
  readonly ready: boolean;
  readonly topPx: number;
  readonly rowPx: number;
  readonly columns: number;
  /** The place of the active file. */
  readonly active: number;
  readonly ids: readonly string[];
  /** Called after the page has been scrolled. */
  readonly look: () => void;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
}

/** Keep the place in the list for each entry of the tab's history, and go back to it. */
export function usePlace(options: PlaceOptions): void {
  const { key } = useLocation();
  const navigation = useNavigationType();
  const [goal] = useState(() => placeOf(key, navigation));
  const returning = useRef(goal !== undefined);
  const latest = useRef(options);
  useLayoutEffect(() => {
    const previous = latest.current;
    latest.current = options;
    if (moves(previous, options)) {
      // For example, the details have opened: the files in view stay in view.
      const place = placeIn({ ...previous, active: options.active });
      if (place !== undefined) goTo(place, options);
    }
    if (goal !== undefined && returning.current && options.ready) {
      returning.current = goTo(goal, options);
    }
  });
  useEffect(() => {
    // The browser would restore the position before the list has its height.
    history.scrollRestoration = "manual";
    return () => {
      history.scrollRestoration = "auto";
    };
  }, []);
  useEffect(() => {
    const keep = () => {
      if (!returning.current) keepPlace(key, placeIn(latest.current));
    };
    let timer = setTimeout(keep, PAUSE_MS);
    const scroll = () => {
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE_MS);
    };
    window.addEventListener("scroll", scroll, { passive: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener("scroll", scroll);
    };
  }, [key]);
}

/** Scroll to the place, or load the next page on the way; returns whether it is still to be found. */
function goTo({ id, offsetPx }: Place, options: PlaceOptions): boolean {
  const { ids, topPx, rowPx, columns, look, hasMore, loadMore } = options;
  const at = ids.indexOf(id);
  const target = topPx + Math.floor(at / columns) * rowPx - offsetPx;
  if (at >= 0) {
    window.scrollTo(0, target);
    look();
  }
  // The window can't scroll that far yet if the place is at the end of what is loaded.
  if ((at >= 0 && window.scrollY >= target - 1) || !hasMore) return false;
  if (ids.length >= SEARCHED_MAX) return false;
  loadMore();
  return true;
}

/** Return whether files of the list are elsewhere in the page than before. */
function moves(before: PlaceOptions, now: PlaceOptions): boolean {
  const { topPx, rowPx, columns } = before;
  if (!before.ready || before.ids !== now.ids) return false;
  return topPx !== now.topPx || rowPx !== now.rowPx || columns !== now.columns;
}

/** Return the place of the active file if it is in view, else of the first one in view. */
function placeIn({ topPx, rowPx, columns, active, ids }: PlaceOptions): Place | undefined {
  const first = Math.floor((window.scrollY - topPx) / rowPx);
  if (first < 0) return undefined;
  const offsetOf = (row: number) => topPx + row * rowPx - window.scrollY;
  const activeRow = Math.floor(active / columns);
  const seen = activeRow > first && offsetOf(activeRow) + rowPx <= window.innerHeight;
  const id = ids[seen ? active : first * columns];
  return id === undefined ? undefined : { id, offsetPx: offsetOf(seen ? activeRow : first) };
}

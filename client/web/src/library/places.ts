/** The file at the top of the window, and where it is. */
export interface Place {
  readonly id: string;
  /** The distance from the top of the window. */
  readonly offsetPx: number;
}

const KEY = "media.places";
/** Places are kept for this many entries of the tab's history. */
const ENTRIES = 20;

function readAll(): Record<string, Place> {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Record<string, Place>;
  } catch {
    return {};
  }
}

/** Keep the place of an entry of the tab's history; without a place, it is at the start. */
export function keepPlace(entry: string, place: Place | undefined): void {
  const others = Object.entries(readAll()).filter(([key]) => key !== entry);
  const places = place === undefined ? others : [...others, [entry, place] as const];
  sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(places.slice(-ENTRIES))));
}

/** Whether the library has been shown since the page was loaded. */
let shown = false;

/** Return the place to go back to, if the user came by Back, Forward or Reload. */
export function placeOf(entry: string, navigation: "POP" | "PUSH" | "REPLACE"): Place | undefined {
  const [load] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const opened = !shown && load?.type === "navigate";
  shown = true;
  return navigation === "POP" && !opened ? readAll()[entry] : undefined;
}

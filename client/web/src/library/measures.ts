import type { View } from "./useView.ts";

/** How a view divides its width; lengths in CSS pixels. */
export interface Measures {
  readonly columns: number;
  readonly rowPx: number;
  readonly gapPx: number;
  /** What is above the first row. */
  readonly headPx: number;
}

const NARROW_PX = 520;
const GAP_PX = 14;
const NARROW_GAP_PX = 10;
/** In rem, so that the cards grow with the browser's font size. */
const CARD_REM = 11.5;
const NARROW_CARD_REM = 9.5;
const TEXT_REM = 3.75;

/** Return how many cards fit beside each other, and their height with the gap. */
function measureGrid(width: number): Measures {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const gapPx = width < NARROW_PX ? NARROW_GAP_PX : GAP_PX;
  const least = (width < NARROW_PX ? NARROW_CARD_REM : CARD_REM) * rem;
  const columns = Math.max(1, Math.floor((width + gapPx) / (least + gapPx)));
  const cardWidth = (width - gapPx * (columns - 1)) / columns;
  const rowPx = Math.round(cardWidth * 0.75 + TEXT_REM * rem + gapPx);
  return { columns, rowPx, gapPx, headPx: 0 };
}

/** In rem, so that the rows grow with the browser's font size. */
const ROW_REM = 3.5;
const HEAD_REM = 2.75;
const LINE_PX = 1;

function measureTable(): Measures {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { columns: 1, rowPx: ROW_REM * rem, gapPx: 0, headPx: HEAD_REM * rem + LINE_PX };
}

/** Return how a view divides this width: for its files, and for what is shown until they arrive. */
export function measure(view: View, width: number): Measures {
  return view === "grid" ? measureGrid(width) : measureTable();
}

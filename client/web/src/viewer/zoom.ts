/** How a picture is placed: its scale, and the offset of its centre from the stage's, in pixels. */
export interface Placement {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The whole picture. */
export const FIT: Placement = { scale: 1, x: 0, y: 0 };
const SMALLEST_LIMIT = 4;

/** Return the largest scale: at least 4, and at least 2 pixels of the screen per original pixel. */
export function maxScale(fitted: number, original: number | undefined): number {
  return Math.max(
    SMALLEST_LIMIT,
    fitted > 0 && original !== undefined ? (2 * original) / fitted : 0,
  );
}

/** Change the scale, and keep what is at `point` (from the stage's centre) where it is. */
export function zoomedAt(before: Placement, scale: number, point: Point, limit: number): Placement {
  const next = Math.min(limit, Math.max(1, scale));
  const ratio = next / before.scale;
  return {
    scale: next,
    x: point.x - (point.x - before.x) * ratio,
    y: point.y - (point.y - before.y) * ratio,
  };
}

/** Keep the picture's edges at or outside the stage's; a side that fits is centred. */
export function confined({ scale, x, y }: Placement, picture: Size, stage: Size): Placement {
  const most = {
    x: Math.max(0, (picture.width * scale - stage.width) / 2),
    y: Math.max(0, (picture.height * scale - stage.height) / 2),
  };
  return {
    scale,
    x: limited(x, most.x),
    y: limited(y, most.y),
  };
}

/** Adding 0 turns -0 into 0, which strict comparisons distinguish. */
function limited(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value)) + 0;
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

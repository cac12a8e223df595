import {
  useEffect,
  useRef,
  useState,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
} from "react";
import {
  confined,
  distance,
  FIT,
  maxScale,
  middle,
  zoomedAt,
  type Placement,
  type Point,
  type Size,
} from "./zoom.ts";

const STEP = 1.5;
const DOUBLE_CLICK_SCALE = 2.5;
const PAN_PX = 80;
const CENTRE: Point = { x: 0, y: 0 };
const PANS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: PAN_PX, y: 0 },
  ArrowRight: { x: -PAN_PX, y: 0 },
  ArrowUp: { x: 0, y: PAN_PX },
  ArrowDown: { x: 0, y: -PAN_PX },
};

interface Zoomed {
  readonly stage: RefObject<HTMLElement | null>;
  readonly picture: RefObject<HTMLElement | null>;
  readonly originalWidth: number | undefined;
}

/**
 * Zoom and move a picture in its stage with the wheel, by pinching, dragging and double clicks, and
 * with the keys + - 0 and, while it is zoomed, the arrows. `originalWidth` is in pixels.
 */
export function useZoom({ stage, picture, originalWidth }: Zoomed) {
  const [placement, setPlacement] = useState(FIT);

  function change(next: (before: Placement, limit: number) => Placement) {
    const [outer, inner] = [stage.current, picture.current];
    if (outer === null || inner === null) return;
    const limit = maxScale(inner.offsetWidth, originalWidth);
    setPlacement((before) => confined(next(before, limit), sizeOf(inner), sizeOf(outer)));
  }
  function zoomBy(factor: number, point = CENTRE) {
    change((before, limit) => zoomedAt(before, before.scale * factor, point, limit));
  }
  function panBy({ x, y }: Point) {
    change((before) => ({ ...before, x: before.x + x, y: before.y + y }));
  }
  function pointOf({ clientX, clientY }: { clientX: number; clientY: number }): Point {
    const box = stage.current?.getBoundingClientRect() ?? new DOMRect();
    return { x: clientX - box.x - box.width / 2, y: clientY - box.y - box.height / 2 };
  }
  const zoomed = placement.scale > 1;
  const pointers = usePointers({ zoomed, pointOf, zoomBy, panBy });
  const reset = () => setPlacement(FIT);

  const latest = useRef<Handlers>(undefined);
  useEffect(() => {
    latest.current = {
      onWheel: (event) => zoomBy(Math.exp(-event.deltaY / 400), pointOf(event)),
      onKey: (event) => {
        const pan = PANS[event.key];
        if (event.key === "+" || event.key === "=") zoomBy(STEP);
        else if (event.key === "-") zoomBy(1 / STEP);
        else if (event.key === "0") reset();
        else if (zoomed && pan !== undefined) panBy(pan);
        else return;
        event.preventDefault();
      },
    };
  });
  useEffect(() => {
    const element = stage.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault(); // React's own handlers of wheel events can't.
      latest.current?.onWheel(event);
    };
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.matches("input, select");
      if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey)
        latest.current?.onKey(event);
    };
    element?.addEventListener("wheel", onWheel, { passive: false });
    // Before the viewer, which shows the neighbours with the arrow keys.
    window.addEventListener("keydown", onKey, true);
    return () => {
      element?.removeEventListener("wheel", onWheel);
      window.removeEventListener("keydown", onKey, true);
    };
  }, [stage]);
  return {
    placement,
    zoomIn: () => zoomBy(STEP),
    zoomOut: () => zoomBy(1 / STEP),
    reset,
    handlers: {
      ...pointers,
      onDoubleClick: (event: MouseEvent) =>
        zoomed ? reset() : zoomBy(DOUBLE_CLICK_SCALE, pointOf(event)),
    },
  };
}

interface Handlers {
  readonly onWheel: (event: WheelEvent) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

function sizeOf({ offsetWidth, offsetHeight }: HTMLElement): Size {
  return { width: offsetWidth, height: offsetHeight };
}

interface Moves {
  readonly zoomed: boolean;
  readonly pointOf: (event: PointerEvent) => Point;
  readonly zoomBy: (factor: number, point: Point) => void;
  readonly panBy: (by: Point) => void;
}

/** Return handlers with which one pointer moves a zoomed picture, and two pointers pinch it. */
function usePointers({ zoomed, pointOf, zoomBy, panBy }: Moves) {
  const active = useRef(new Map<number, Point>());
  const pinched = useRef(false);

  function onPointerMove(event: PointerEvent) {
    const before = active.current.get(event.pointerId);
    if (before === undefined) return;
    const now = pointOf(event);
    active.current.set(event.pointerId, now);
    const other = [...active.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) {
      if (zoomed) panBy({ x: now.x - before.x, y: now.y - before.y });
      return;
    }
    pinched.current = true;
    zoomBy(distance(now, other) / Math.max(1, distance(before, other)), middle(now, other));
  }
  function onPointerEnd(event: PointerEvent) {
    active.current.delete(event.pointerId);
    // It moved the picture, so it is not a swipe.
    if (zoomed || pinched.current) event.preventDefault();
    if (active.current.size === 0) pinched.current = false;
  }
  return {
    onPointerDown: (event: PointerEvent) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      active.current.set(event.pointerId, pointOf(event));
    },
    onPointerMove,
    onPointerUp: onPointerEnd,
    onPointerCancel: onPointerEnd,
  };
}

import { useRef, type PointerEvent } from "react";
import { stepTo } from "../ui/direction.ts";

/** How far a finger must move, in CSS pixels. */
const SWIPE_PX = 60;

/** Return the handlers of an element on which a finger swipes: away from the next
 * file, which is at the side where reading goes on. */
export function useSwipe(onSwipe: (step: -1 | 1) => void) {
  const start = useRef<{ id: number; x: number; y: number }>(undefined);
  return {
    onPointerDown: (event: PointerEvent) => {
      const swipes = event.pointerType === "touch" && event.isPrimary && !isControl(event.target);
      start.current = swipes
        ? { id: event.pointerId, x: event.clientX, y: event.clientY }
        : undefined; // With a second finger, it is not a swipe.
    },
    onPointerUp: (event: PointerEvent) => {
      const from = start.current;
      start.current = undefined;
      // A zoomed picture is moved instead, and marks the event as its own.
      if (from?.id !== event.pointerId || event.defaultPrevented) return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      if (Math.abs(x) < SWIPE_PX || Math.abs(x) < 2 * Math.abs(y)) return;
      onSwipe(stepTo(x < 0 ? "right" : "left"));
    },
    onPointerCancel: () => {
      start.current = undefined;
    },
  };
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest("button, a, input, video, audio") !== null;
}

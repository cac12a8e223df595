/** Return the step in the order of reading that leads to this side: 1 is the next one. */
export function stepTo(side: "left" | "right"): -1 | 1 {
  const next = document.documentElement.dir === "rtl" ? "left" : "right";
  return side === next ? 1 : -1;
}

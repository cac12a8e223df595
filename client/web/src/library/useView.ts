import { useState } from "react";

export type View = "grid" | "list";

const KEY = "media.view";

/** How the library is shown; kept for the next visit. */
export function useView(): [View, (view: View) => void] {
  const [view, setView] = useState<View>(localStorage.getItem(KEY) === "list" ? "list" : "grid");
  return [
    view,
    (next) => {
      localStorage.setItem(KEY, next);
      setView(next);
    },
  ];
}

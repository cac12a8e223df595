import { useState } from "react";

export type View = "grid" | "list";

const KEY = "media.view";

/** Keep the view of the library in localStorage. */
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

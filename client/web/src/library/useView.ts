import { useSearchParams } from "react-router";

export type View = "grid" | "list";

const KEY = "media.view";
const PARAM = "layout";

/** Return the view in the URL, or the last one that was chosen. */
export function useView(): [View, (view: View) => void] {
  const [params, setParams] = useSearchParams();
  const view = params.get(PARAM) ?? localStorage.getItem(KEY);
  return [
    view === "list" ? "list" : "grid",
    (next) => {
      localStorage.setItem(KEY, next);
      const changed = new URLSearchParams(window.location.search);
      changed.set(PARAM, next);
      setParams(changed, { replace: true });
    },
  ];
}

import { useEffect } from "react";

/** Set the document's title, which the browser tab shows and screen readers announce. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Media library`;
  }, [title]);
}

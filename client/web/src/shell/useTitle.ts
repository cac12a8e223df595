import { useEffect } from "react";
import { t } from "../messages/t.ts";

/** Set the document's title, which the browser tab shows and screen readers announce. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = t("shell.title", { page: title });
  }, [title]);
}

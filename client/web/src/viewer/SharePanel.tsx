import { ShareLink } from "./ShareLink.tsx";
import type { ViewedUpload } from "./useViewed.ts";
import { t } from "../messages/t.ts";

/** Makes a link to the file that is shown. */
export function SharePanel({ upload }: { readonly upload: ViewedUpload }) {
  return (
    <aside className="viewer-panel" aria-label={t("viewer.share")}>
      <h3>{t("viewer.share")}</h3>
      <ShareLink upload={upload} />
    </aside>
  );
}

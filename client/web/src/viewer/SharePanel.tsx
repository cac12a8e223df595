import type { FragmentType } from "@apollo/client";
import type { ShareLink_uploadFragment } from "../graphql/graphql.ts";
import { ShareLink } from "./ShareLink.tsx";
import { t } from "../messages/t.ts";

/** Makes a link to the file that is shown. */
export function SharePanel({
  upload,
}: {
  readonly upload: FragmentType<ShareLink_uploadFragment>;
}) {
  return (
    <aside className="viewer-panel" aria-label={t("viewer.share")}>
      <h3>{t("viewer.share")}</h3>
      <ShareLink upload={upload} />
    </aside>
  );
}

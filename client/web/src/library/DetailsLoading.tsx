import { t } from "../messages/t.ts";
/** Shown in place of the details until they are loaded. */
export function DetailsLoading() {
  return <div className="preview large loading" role="status" aria-label={t("ui.loading")} />;
}

import { Link } from "react-router";
import { t } from "../messages/t.ts";

export function Brand() {
  return (
    <Link to="/" className="brand">
      <img src="/icon.svg" alt="" width="28" height="28" />
      <span>{t("shell.brand")}</span>
    </Link>
  );
}

import { Link } from "react-router";
import { Message } from "../ui/Message.tsx";
import { t } from "../messages/t.ts";

/** Shown in place of the list if nothing matches the filters, or if there are no files yet. */
export function EmptyList({ filtered }: { readonly filtered: boolean }) {
  if (filtered) {
    return (
      <Message
        icon="search"
        title={t("library.noMatch.title")}
        action={
          <Link to="/library" className="button">
            {t("library.noMatch.action")}
          </Link>
        }
      >
        {t("library.noMatch.text")}
      </Message>
    );
  }
  return (
    <Message
      icon="upload"
      title={t("library.empty.title")}
      action={
        <Link to="/upload" className="button primary">
          {t("library.empty.action")}
        </Link>
      }
    >
      {t("library.empty.text")}
    </Message>
  );
}

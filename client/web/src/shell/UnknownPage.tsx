import { Link } from "react-router";
import { Message } from "../ui/Message.tsx";
import { useTitle } from "./useTitle.ts";
import { t } from "../messages/t.ts";

export function UnknownPage() {
  useTitle(t("shell.unknown.title"));
  return (
    <Message
      icon="search"
      title={t("shell.unknown.title")}
      action={
        <Link to="/library" className="button primary">
          {t("shell.unknown.action")}
        </Link>
      }
    >
      {t("shell.unknown.text")}
    </Message>
  );
}

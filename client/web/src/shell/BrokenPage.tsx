import { Message } from "../ui/Message.tsx";
import { useOnline } from "../ui/online.ts";
import { t } from "../messages/t.ts";

/**
 * Shown when a page fails to load or render: its code could not be fetched, or a new release has
 * removed it. Says which, as far as the browser knows.
 */
export function BrokenPage() {
  const online = useOnline();
  return (
    <Message
      icon="warning"
      title={t("shell.broken.title")}
      alert
      action={
        <button type="button" className="button primary" onClick={() => location.reload()}>
          {t("shell.broken.action")}
        </button>
      }
    >
      {online ? t("shell.broken.online") : t("shell.broken.offline")}
    </Message>
  );
}

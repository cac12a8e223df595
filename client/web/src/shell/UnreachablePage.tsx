import { useEffect, useState } from "react";
import { session } from "../session/session.ts";
import { Message } from "../ui/Message.tsx";
import { t } from "../messages/t.ts";

/** Shown while the service can't be reached. Tries again on request, and when the browser is online. */
export function UnreachablePage() {
  const [trying, setTrying] = useState(false);
  const [failures, setFailures] = useState(0);
  async function retry() {
    setTrying(true);
    await session.renew().catch(() => setFailures((count) => count + 1));
    setTrying(false);
  }
  useEffect(() => {
    const again = () => void session.renew().catch(() => undefined);
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, []);
  return (
    <main id="content" className="starting" tabIndex={-1}>
      <Message
        icon="warning"
        title={t("shell.unreachable.title")}
        alert
        action={
          <button
            type="button"
            className="button primary"
            aria-disabled={trying}
            onClick={() => (trying ? undefined : void retry())}
          >
            {trying ? t("shell.unreachable.trying") : t("ui.tryAgain")}
          </button>
        }
      >
        {failures > 0 ? t("shell.unreachable.still") : t("shell.unreachable.text")}
      </Message>
    </main>
  );
}

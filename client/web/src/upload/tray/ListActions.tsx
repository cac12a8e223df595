import { useUploads } from "media-upload/react";
import { useState } from "react";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { t } from "../../messages/t.ts";

/** The actions for all files of the list. */
export function ListActions() {
  const uploads = useUploads();
  const { unfinished, counts, paused, problem } = uploads;
  const [cancelling, setCancelling] = useState(false);
  const stopped = paused || problem !== undefined || counts.paused === unfinished;
  const left = unfinished + counts.failed + counts.missing;
  return (
    <div className="tray-actions">
      {unfinished > 0 &&
        (stopped ? (
          <Action label={t("tray.resumeAll")} onClick={() => uploads.resume()} />
        ) : (
          <Action label={t("tray.pauseAll")} onClick={() => uploads.pause()} />
        ))}
      {counts.failed > 0 && <Action label={t("tray.retryAll")} onClick={() => uploads.retry()} />}
      {left > 0 && <Action label={t("tray.cancelAll")} onClick={() => setCancelling(true)} />}
      {counts.stored + uploads.skipped > 0 && (
        <Action label={t("tray.clear")} onClick={() => uploads.clear()} />
      )}
      {cancelling && (
        <ConfirmDialog
          title={t("tray.cancelQuestion")}
          action={t("tray.cancelUploads")}
          keep={t("tray.keep")}
          onConfirm={() => {
            void uploads.cancel().catch(() => undefined);
            return Promise.resolve(undefined);
          }}
          onClose={() => setCancelling(false)}
        >
          <p>{t("tray.cancelText", { count: left })}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

interface ActionProps {
  readonly label: string;
  readonly onClick: () => void;
}

function Action({ label, onClick }: ActionProps) {
  return (
    <button type="button" className="button plain small" onClick={onClick}>
      {label}
    </button>
  );
}

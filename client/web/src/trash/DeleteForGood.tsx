import { useState, type ReactNode } from "react";
import { BATCH } from "../api/batches.ts";
import { formatBytes } from "../format/bytes.ts";
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { Name } from "../ui/Name.tsx";
import type { Trashed } from "./allTrashed.ts";
import { useDeletion } from "./useRemoval.tsx";
import { t } from "../messages/t.ts";
import { rich } from "../messages/rich.ts";

interface DeleteForGoodProps {
  readonly uploads: readonly Trashed[];
  readonly title?: string;
  /** Called when the files leave the lists, before the service has answered. */
  readonly onDelete?: (() => void) | undefined;
  readonly onClose: () => void;
}

/** Asks whether to delete files for good. For many files, shows the progress. */
export function DeleteForGood({ uploads, title, onDelete, onClose }: DeleteForGoodProps) {
  const deleteForGood = useDeletion();
  const [deleted, setDeleted] = useState<number>();
  const [only] = uploads;
  const single = uploads.length === 1 && only !== undefined;
  const bytes = formatBytes(uploads.reduce((sum, { size }) => sum + size, 0));
  const bold = (text: ReactNode) => <strong>{text}</strong>;

  async function start() {
    const deleting = deleteForGood(uploads, setDeleted);
    onDelete?.();
    // A single request is too quick to show progress.
    if (uploads.length <= BATCH) return undefined;
    setDeleted(0);
    await deleting;
    return undefined;
  }
  return (
    <ConfirmDialog
      title={
        title ??
        (single
          ? t("trash.forGoodOneQuestion")
          : t("trash.forGoodQuestion", { count: uploads.length }))
      }
      action={t("trash.forGood")}
      {...(deleted !== undefined && { keep: t("ui.close") })}
      onConfirm={start}
      onClose={onClose}
    >
      <p>
        {single
          ? rich("trash.forGoodOneText", {
              b: bold,
              name: <Name>{only.filename}</Name>,
              bytes,
            })
          : rich("trash.forGoodText", { b: bold, count: uploads.length, bytes })}
      </p>
      {deleted !== undefined && (
        <>
          <progress value={deleted} max={uploads.length} aria-label={t("trash.progress")} />
          <p role="status">{t("trash.progressText", { deleted, count: uploads.length })}</p>
        </>
      )}
    </ConfirmDialog>
  );
}

import { useState } from "react";
import { Icon } from "../ui/Icon.tsx";
import { DeleteQuestion } from "./DeleteQuestion.tsx";
import { needsQuestion, useRemoval, type Removable } from "./useRemoval.tsx";
import { t } from "../messages/t.ts";

interface DeleteButtonProps {
  readonly uploads: readonly Removable[];
  /** Called when the uploads leave the lists, before the service has answered. */
  readonly onDelete?: () => void;
  /** Receives the ids of the uploads that return to the lists. */
  readonly onReturn?: (ids: readonly string[]) => void;
}

/**
 * Deletes uploads: stored files go to the trash at once, and a notice offers to undo that. Other
 * uploads have nothing to restore; for these, the user is asked first.
 */
export function DeleteButton({ uploads, onDelete, onReturn }: DeleteButtonProps) {
  const remove = useRemoval();
  /** What the user is asked about, as it was then. */
  const [asking, setAsking] = useState<readonly Removable[]>();

  function start() {
    void remove(uploads).then(onReturn);
    onDelete?.();
  }
  return (
    <>
      <button
        type="button"
        className="button danger"
        onClick={() => (needsQuestion(uploads) ? setAsking(uploads) : start())}
      >
        <Icon name="trash" size={18} />
        {t("trash.delete")}
      </button>
      {asking !== undefined && (
        <DeleteQuestion uploads={asking} onConfirm={start} onClose={() => setAsking(undefined)} />
      )}
    </>
  );
}

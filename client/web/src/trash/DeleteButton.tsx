import { useState } from "react";
import { Icon } from "../ui/Icon.tsx";
import { DeleteNow } from "./DeleteNow.tsx";
import { t } from "../messages/t.ts";

interface DeleteButtonProps {
  /** The uploads to delete, which are in the cache. */
  readonly ids: Iterable<string>;
  /** Receives the ids of the uploads that leave the lists, before the service has answered. */
  readonly onDelete?: (ids: ReadonlySet<string>) => void;
  /** Receives the ids of the uploads that return to the lists. */
  readonly onReturn?: (ids: readonly string[]) => void;
}

/** Deletes uploads, as `DeleteNow` does. */
export function DeleteButton({ ids, onDelete, onReturn }: DeleteButtonProps) {
  // Those of the click: more may be selected while the user is asked.
  const [deleting, setDeleting] = useState<ReadonlySet<string>>();
  return (
    <>
      <button type="button" className="button danger" onClick={() => setDeleting(new Set(ids))}>
        <Icon name="trash" size={18} />
        {t("trash.delete")}
      </button>
      {deleting !== undefined && (
        <DeleteNow
          ids={deleting}
          onDelete={() => onDelete?.(deleting)}
          onReturn={(returned) => onReturn?.(returned)}
          onDone={() => setDeleting(undefined)}
        />
      )}
    </>
  );
}

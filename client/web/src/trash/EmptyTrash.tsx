import { useApolloClient } from "@apollo/client/react";
import { useEffect, useState } from "react";
import { sentence } from "../api/errors.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { DeleteForGood } from "./DeleteForGood.tsx";
import { allTrashed, type Trashed } from "./allTrashed.ts";
import { t } from "../messages/t.ts";

interface EmptyTrashProps {
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

/**
 * Counts the files in the trash, then asks whether to delete these. What is moved there meanwhile
 * stays: nobody has agreed to delete it.
 */
export function EmptyTrash({ onDelete, onClose }: EmptyTrashProps) {
  const client = useApolloClient();
  const [uploads, setUploads] = useState<readonly Trashed[]>();
  const [found, setFound] = useState(0);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const left = new AbortController();
    allTrashed(client, left.signal, setFound).then(setUploads, (error: unknown) =>
      setProblem(sentence(error)),
    );
    return () => left.abort();
  }, [client]);
  const title = t("trash.emptyQuestion");
  if (uploads !== undefined) {
    return <DeleteForGood {...{ uploads, title, onDelete, onClose }} />;
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="dialog-text">
        {problem === undefined ? (
          <p role="status">{t("trash.counting", { count: found })}</p>
        ) : (
          <p className="problem" role="alert">
            {t("trash.countProblem", { problem })}
          </p>
        )}
      </div>
      <footer className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {t("ui.cancel")}
        </button>
      </footer>
    </Dialog>
  );
}

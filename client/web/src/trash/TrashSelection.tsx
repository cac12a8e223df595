import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { sentence } from "../api/errors.ts";
import { SelectionToolbar } from "../library/SelectionToolbar.tsx";
import { readChosen } from "../library/useChosen.ts";
import type { UploadList } from "../library/useUploads.ts";
import { notify } from "../ui/notices.ts";
import { allTrashed, type Trashed } from "./allTrashed.ts";
import { t } from "../messages/t.ts";

interface TrashSelectionProps {
  readonly chosen: readonly Trashed[];
  readonly list: UploadList;
  readonly onChoose: (uploads: readonly Trashed[]) => void;
  readonly onRestore: () => void;
  readonly onDelete: () => void;
}

/** The actions for all selected files in the trash. */
export function TrashSelection(props: TrashSelectionProps) {
  const { chosen, list, onChoose, onRestore, onDelete } = props;
  const { totalCount } = list;
  const client = useApolloClient();
  const [running, setRunning] = useState(false);

  /** Select all files in the trash, also those that the page has not loaded. */
  async function chooseAll() {
    if (!list.hasMore) {
      onChoose(readChosen(client.cache, list.ids ?? []));
      return;
    }
    if (running) return;
    setRunning(true);
    try {
      const { signal } = new AbortController();
      const all = await allTrashed(client, signal, () => undefined);
      if (all !== undefined) onChoose(all);
    } catch (error) {
      notify(t("selection.problem", { problem: sentence(error) }), "problem");
    }
    setRunning(false);
  }
  return (
    <SelectionToolbar chosen={chosen} onClear={() => onChoose([])}>
      {chosen.length < totalCount && (
        <button type="button" className="button plain" onClick={() => void chooseAll()}>
          {t("trash.selectAll", { count: totalCount })}
        </button>
      )}
      <button type="button" className="button" onClick={onRestore}>
        {t("trash.restore")}
      </button>
      <button type="button" className="button danger" onClick={onDelete}>
        {t("trash.forGood")}
      </button>
    </SelectionToolbar>
  );
}

import { useApolloClient } from "@apollo/client/react";
import { lazy, Suspense, useState } from "react";
import { Boundary } from "../shell/Boundary.tsx";
import { Icon } from "../ui/Icon.tsx";
import { notify } from "../ui/notices.ts";
import { useStartZip } from "../zip/zipContext.ts";
import { download } from "./downloads.ts";
import { SelectionToolbar } from "./SelectionToolbar.tsx";
import { SelectMatching } from "./SelectMatching.tsx";
import { TagsDialog } from "./TagsDialog.tsx";
import { readChosen, useChosen } from "./useChosen.ts";
import type { Selection } from "./useSelection.ts";
import type { UploadList } from "./useUploads.ts";
import { t } from "../messages/t.ts";

const DeleteButton = lazy(async () => ({
  default: (await import("../trash/DeleteButton.tsx")).DeleteButton,
}));

interface SelectionBarProps {
  readonly selection: Selection;
  readonly list: UploadList;
}

/** The actions for all selected uploads. */
export function SelectionBar({ selection, list }: SelectionBarProps) {
  const chosen = useChosen(selection.ids);
  const client = useApolloClient();
  const startZip = useStartZip();
  const [tagging, setTagging] = useState(false);
  const stored = chosen.filter(({ status }) => status === "STORED");

  /** One file is downloaded as it is, several as a ZIP. */
  async function downloadAll() {
    // Read again: one may have been renamed.
    const files = readChosen(
      client.cache,
      stored.map(({ id }) => id),
    );
    const [first, ...others] = files;
    if (first === undefined) return;
    if (others.length > 0) {
      startZip(files);
      return;
    }
    const problem = await download(client, first.id);
    if (problem !== undefined) notify(problem, "problem");
  }
  return (
    <SelectionToolbar chosen={chosen} onClear={selection.clear}>
      <SelectMatching {...{ selection, list }} />
      <button type="button" className="button" onClick={() => setTagging(true)}>
        <Icon name="tag" size={18} />
        {t("selection.tags")}
      </button>
      <button
        type="button"
        className="button"
        disabled={stored.length === 0}
        onClick={() => void downloadAll()}
      >
        <Icon name="download" size={18} />
        {t("selection.download")}
      </button>
      <Boundary broken={<span className="problem">{t("selection.reload")}</span>}>
        <Suspense>
          <DeleteButton
            ids={selection.ids}
            onDelete={(ids) => selection.remove([...ids])}
            onReturn={selection.restore}
          />
        </Suspense>
      </Boundary>
      {tagging && <TagsDialog ids={selection.ids} onClose={() => setTagging(false)} />}
    </SelectionToolbar>
  );
}

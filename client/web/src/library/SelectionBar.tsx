import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { formatBytes } from "../format/bytes.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { notify } from "../ui/notices.ts";
import { download } from "./downloads.ts";
import { deleteAll } from "./deleteAll.ts";
import { useDeleteUpload } from "./useDeleteUpload.ts";
import type { Selection } from "./useSelection.ts";

interface SelectionBarProps {
  readonly chosen: readonly UploadFieldsFragment[];
  readonly selection: Selection;
}

/** The actions for all selected uploads. */
export function SelectionBar({ chosen, selection }: SelectionBarProps) {
  const client = useApolloClient();
  const deleteUpload = useDeleteUpload();
  const [confirming, setConfirming] = useState(false);
  const stored = chosen.filter(({ status }) => status === "STORED");
  const size = formatBytes(chosen.reduce((sum, upload) => sum + upload.size, 0));
  const files = chosen.length === 1 ? "1 file" : `${chosen.length} files`;

  async function downloadAll() {
    const problem = await download(
      client,
      stored.map(({ id }) => id),
    );
    if (problem !== undefined) notify(problem, "problem");
  }
  /** The list removes the files at once, and restores those that could not be deleted. */
  async function deleteChosen() {
    const { failed, problem } = await deleteAll(chosen, deleteUpload);
    if (problem === undefined) notify(`${files} deleted.`);
    else notify(`${failed} of ${files} couldn’t be deleted. ${problem}`, "problem");
  }
  return (
    <div className="selection-bar" role="toolbar" aria-label="Selected files">
      <button
        type="button"
        className="icon-button"
        aria-label="Clear selection"
        onClick={selection.clear}
      >
        <Icon name="close" />
      </button>
      <span className="selection-count" role="status">
        {files} selected, {size}
      </span>
      <button type="button" className="button plain" onClick={selection.selectAll}>
        Select all shown
      </button>
      <button
        type="button"
        className="button"
        disabled={stored.length === 0}
        onClick={() => void downloadAll()}
      >
        <Icon name="download" size={18} />
        Download
      </button>
      <button type="button" className="button danger" onClick={() => setConfirming(true)}>
        <Icon name="trash" size={18} />
        Delete
      </button>
      {confirming && (
        <ConfirmDialog
          title={`Delete ${files}?`}
          action={`Delete ${files}`}
          onConfirm={() => {
            void deleteChosen();
            return Promise.resolve(undefined);
          }}
          onClose={() => setConfirming(false)}
        >
          <p>They will be deleted permanently, and links to them will stop working.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

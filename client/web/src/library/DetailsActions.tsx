import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { sentence } from "../api/errors.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { notify } from "../ui/notices.ts";
import { download, linkTo } from "./downloads.ts";
import { useDeleteUpload } from "./useDeleteUpload.ts";

const DAY_SECONDS = 86_400;
const LIVES = [
  { label: "for an hour", seconds: 3600 },
  { label: "for a day", seconds: DAY_SECONDS },
  { label: "for a week", seconds: 7 * DAY_SECONDS },
] as const;

interface DetailsActionsProps {
  readonly upload: UploadFieldsFragment;
  readonly onDeleted: () => void;
}

export function DetailsActions({ upload, onDeleted }: DetailsActionsProps) {
  const client = useApolloClient();
  const deleteUpload = useDeleteUpload();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const stored = upload.status === "STORED";

  /** The file leaves the list at once; it comes back where it could not be deleted. */
  async function deleteIt() {
    const failure = await deleteUpload(upload.id);
    if (failure === undefined) notify(`${upload.filename} is deleted.`);
    else notify(`${upload.filename} could not be deleted. ${failure}`, "problem");
  }
  return (
    <>
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <div className="details-actions">
        {stored && (
          <>
            <button
              type="button"
              className="button primary"
              onClick={() => void download(client, [upload.id]).then(setProblem)}
            >
              <Icon name="download" size={18} />
              Download
            </button>
            <CopyLink id={upload.id} onProblem={setProblem} />
          </>
        )}
        <button type="button" className="button danger" onClick={() => setAsking(true)}>
          <Icon name="trash" size={18} />
          Delete
        </button>
      </div>
      {asking && (
        <ConfirmDialog
          title="Delete this file?"
          action="Delete"
          onConfirm={() => {
            void deleteIt();
            onDeleted();
            return Promise.resolve(undefined);
          }}
          onClose={() => setAsking(false)}
        >
          <p>
            <strong>{upload.filename}</strong> can’t be brought back, and links to it stop working.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

interface CopyLinkProps {
  readonly id: string;
  readonly onProblem: (problem: string | undefined) => void;
}

/** Anybody can open the link while it works, so it says for how long. */
function CopyLink({ id, onProblem }: CopyLinkProps) {
  const client = useApolloClient();
  const [seconds, setSeconds] = useState<number>(DAY_SECONDS);
  const [copied, setCopied] = useState(false);

  async function copy() {
    const link = linkTo(client, id, "INLINE", seconds);
    try {
      // The clipboard wants to be asked at the click, so it gets the promise.
      const text = link.then((url) => new Blob([url], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
      setCopied(true);
      setTimeout(() => setCopied(false), 2500);
      onProblem(undefined);
    } catch {
      const problem = await link.then(
        (url) => `Your browser does not let this page copy. The link is: ${url}`,
        sentence,
      );
      onProblem(problem);
    }
  }
  return (
    <span className="joined">
      <button type="button" className="button" onClick={() => void copy()}>
        <Icon name={copied ? "check" : "link"} size={18} />
        <span aria-live="polite">{copied ? "Link copied" : "Copy link"}</span>
      </button>
      <select
        aria-label="How long the link works"
        value={seconds}
        onChange={(event) => setSeconds(Number(event.target.value))}
      >
        {LIVES.map((life) => (
          <option key={life.seconds} value={life.seconds}>
            {life.label}
          </option>
        ))}
      </select>
    </span>
  );
}

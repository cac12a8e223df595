import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { sentence } from "../api/errors.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Name } from "../ui/Name.tsx";
import { notify } from "../ui/notices.ts";
import { download, linkTo } from "./downloads.ts";
import { useDeleteUpload } from "./useDeleteUpload.ts";

const DAY_SECONDS = 86_400;
const LIFETIMES = [
  { label: "for 1 hour", seconds: 3600 },
  { label: "for 1 day", seconds: DAY_SECONDS },
  { label: "for 1 week", seconds: 7 * DAY_SECONDS },
] as const;

interface DetailsActionsProps {
  readonly upload: UploadFieldsFragment;
  readonly onDeleted: () => void;
}

export function DetailsActions({ upload, onDeleted }: DetailsActionsProps) {
  const client = useApolloClient();
  const deleteUpload = useDeleteUpload();
  const [confirming, setConfirming] = useState(false);
  const [problem, setProblem] = useState<string>();
  const stored = upload.status === "STORED";

  /** The list removes the file at once, and restores it if the deletion fails. */
  async function confirmDelete() {
    const failure = await deleteUpload(upload.id);
    const name = <Name>{upload.filename}</Name>;
    if (failure === undefined) notify(<>{name} deleted.</>);
    else {
      notify(
        <>
          {name} couldn’t be deleted. {failure}
        </>,
        "problem",
      );
    }
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
        <button type="button" className="button danger" onClick={() => setConfirming(true)}>
          <Icon name="trash" size={18} />
          Delete
        </button>
      </div>
      {confirming && (
        <ConfirmDialog
          title="Delete this file?"
          action="Delete"
          onConfirm={() => {
            void confirmDelete();
            onDeleted();
            return Promise.resolve(undefined);
          }}
          onClose={() => setConfirming(false)}
        >
          <p>
            <strong>
              <Name>{upload.filename}</Name>
            </strong>{" "}
            will be deleted permanently, and links to it will stop working.
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

/** Copies a link that anyone can open until it expires; the user chooses for how long. */
function CopyLink({ id, onProblem }: CopyLinkProps) {
  const client = useApolloClient();
  const [seconds, setSeconds] = useState<number>(DAY_SECONDS);
  const [copied, setCopied] = useState(false);

  async function copy() {
    const link = linkTo(client, id, "INLINE", seconds);
    try {
      // Browsers allow clipboard access only during the click, so pass a promise of the text.
      const text = link.then((url) => new Blob([url], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
      setCopied(true);
      setTimeout(() => setCopied(false), 2500);
      onProblem(undefined);
    } catch {
      const problem = await link.then(
        (url) => `Your browser blocked copying. Copy the link yourself: ${url}`,
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
        aria-label="Link expiry"
        value={seconds}
        onChange={(event) => setSeconds(Number(event.target.value))}
      >
        {LIFETIMES.map((lifetime) => (
          <option key={lifetime.seconds} value={lifetime.seconds}>
            {lifetime.label}
          </option>
        ))}
      </select>
    </span>
  );
}

import { useRef, useState, type ReactNode } from "react";
import { formatBytes } from "../format/bytes.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { useViewer } from "../session/useSession.ts";
import { Name } from "../ui/Name.tsx";
import { loadUploader } from "../upload/loadUploader.ts";
import { useTransferOf } from "../upload/useTransfers.ts";
import { useCancelUpload } from "./useCancelUpload.ts";

/** Resumes or cancels an upload that this tab is not sending. */
export function PendingActions({ upload }: { readonly upload: UploadFieldsFragment }) {
  const viewer = useViewer();
  const transfer = useTransferOf(upload.id);
  const cancel = useCancelUpload();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<ReactNode>();
  if (viewer === undefined || transfer !== undefined) return null;

  async function resume(file: File | undefined) {
    if (file === undefined || viewer === undefined) return;
    if (file.size !== upload.size) {
      setProblem(
        <>
          <Name>{file.name}</Name> is {formatBytes(file.size)}, but this upload is for a file of{" "}
          {formatBytes(upload.size)}. Choose the original file.
        </>,
      );
      return;
    }
    setProblem(undefined);
    const uploader = await loadUploader(viewer.id);
    setProblem(uploader.resume(upload, file));
  }
  return (
    <section className="pending">
      <p>
        This upload is incomplete. Choose the same file again, on any device, to send only what is
        missing.
      </p>
      <input
        ref={input}
        type="file"
        hidden
        data-testid="resume-file"
        onChange={(event) => {
          void resume(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <div className="details-actions">
        <button type="button" className="button primary" onClick={() => input.current?.click()}>
          Choose file and resume
        </button>
        <button
          type="button"
          className="button"
          onClick={() => void cancel(upload.id).then(setProblem)}
        >
          Cancel upload
        </button>
      </div>
    </section>
  );
}

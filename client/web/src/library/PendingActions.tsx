import type { FragmentType } from "@apollo/client";
import { useRef, useState, type ReactNode } from "react";
import { useFields } from "../api/useFields.ts";
import type { PendingActions_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { wrongFile } from "../upload/wrongFile.tsx";
import { useProgress, useQueue } from "../upload/useQueue.ts";
import { useCancelUpload } from "./useCancelUpload.ts";
import { t } from "../messages/t.ts";

const pendingFields = graphql(`
  fragment PendingActions_upload on Upload {
    id
    filename
    contentType
    size
  }
`);

interface PendingActionsProps {
  readonly upload: FragmentType<PendingActions_uploadFragment>;
}

/** Resumes or cancels an upload that no tab of this browser is sending. */
export function PendingActions(props: PendingActionsProps) {
  const upload = useFields(pendingFields, props.upload);
  const queue = useQueue();
  const progress = useProgress(upload?.id ?? "");
  const cancel = useCancelUpload();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<ReactNode>();
  if (progress !== undefined || upload === undefined) return null;
  const { id, filename, contentType, size } = upload;

  async function resume(file: File | undefined) {
    if (file === undefined) return;
    if (file.size !== size) {
      setProblem(wrongFile(file, size));
      return;
    }
    setProblem(undefined);
    // The tray shows the upload's name, and the file's own one tells the user nothing.
    const { lastModified } = file;
    const renamed = new File([file], filename, { type: contentType, lastModified });
    await queue.add([renamed], { uploadId: id });
  }
  return (
    <section className="pending">
      <p>{t("details.incomplete")}</p>
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
          {t("details.resume")}
        </button>
        <button type="button" className="button" onClick={() => void cancel(id).then(setProblem)}>
          {t("details.cancelUpload")}
        </button>
      </div>
    </section>
  );
}

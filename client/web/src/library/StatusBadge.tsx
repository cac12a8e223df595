import { visibleName } from "../format/names.ts";
import type { StatusBadge_uploadFragment, UploadStatus } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { describe, shareOf } from "../upload/progress.ts";
import { useProgress } from "../upload/useQueue.ts";
import { message, t, type Message } from "../messages/t.ts";

export const badgeFields = graphql(`
  fragment StatusBadge_upload on Upload {
    id
    filename
    status
  }
`);

const STATUS_WORDS: Record<UploadStatus, Message> = {
  PENDING: message("status.pending"),
  STORED: message("status.stored"),
  REJECTED: message("status.rejected"),
  CANCELLED: message("status.cancelled"),
  EXPIRED: message("status.expired"),
};

interface StatusBadgeProps {
  readonly upload: Pick<StatusBadge_uploadFragment, "id" | "filename" | "status">;
}

/** Shows the status of an upload, and its progress while this tab or another one is sending it. */
export function StatusBadge({ upload }: StatusBadgeProps) {
  const progress = useProgress(upload.id);
  if (upload.status !== "PENDING" || progress === undefined) {
    return (
      <span className={`badge ${upload.status.toLowerCase()}`}>
        {t(STATUS_WORDS[upload.status])}
      </span>
    );
  }
  const failed = progress.state === "failed";
  return (
    <span className={failed ? "badge rejected" : "badge pending"}>
      {describe(progress)}
      {!failed && (
        <progress
          value={shareOf(progress.bytesSent, progress.size)}
          max={1}
          aria-label={t("progress.of", { name: visibleName(upload.filename) })}
        />
      )}
    </span>
  );
}

import { visibleName } from "../format/names.ts";
import type { UploadFieldsFragment, UploadStatus } from "../graphql/graphql.ts";
import type { TransferPhase } from "../upload/transfers.ts";
import { useTransferOf } from "../upload/useTransfers.ts";

const STATUS_WORDS: Record<UploadStatus, string> = {
  PENDING: "Incomplete",
  STORED: "Stored",
  REJECTED: "Rejected",
  CANCELLED: "Cancelled",
  EXPIRED: "Expired",
};

const PHASE_WORDS: Record<TransferPhase, string> = {
  running: "Uploading",
  waiting: "Waiting for connection",
  paused: "Paused",
  stored: "Stored",
  failed: "Failed",
};

/** Shows the status of an upload, and its progress while this tab is sending it. */
export function StatusBadge({ upload }: { readonly upload: UploadFieldsFragment }) {
  const transfer = useTransferOf(upload.id);
  if (upload.status !== "PENDING" || transfer === undefined) {
    return (
      <span className={`badge ${upload.status.toLowerCase()}`}>{STATUS_WORDS[upload.status]}</span>
    );
  }
  const share = transfer.bytesTotal === 0 ? 0 : transfer.bytesSent / transfer.bytesTotal;
  return (
    <span className="badge pending">
      {PHASE_WORDS[transfer.state]} {Math.floor(share * 100)}%
      <progress value={share} max={1} aria-label={`Progress of ${visibleName(upload.filename)}`} />
    </span>
  );
}

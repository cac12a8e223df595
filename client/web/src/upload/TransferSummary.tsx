import { Link } from "react-router";
import { formatBytes } from "../format/bytes.ts";
import { useUnfinished } from "./useTransfers.ts";

/** Shows the progress of all uploads in this tab, on every page. */
export function TransferSummary() {
  const moving = useUnfinished().filter(({ state }) => state !== "failed");
  if (moving.length === 0) return null;
  const sent = moving.reduce((sum, { bytesSent }) => sum + bytesSent, 0);
  const total = moving.reduce((sum, { bytesTotal }) => sum + bytesTotal, 0);
  const files = moving.length === 1 ? "1 file" : `${moving.length} files`;
  const waiting = moving.every(({ state }) => state === "waiting");
  return (
    <Link to="/upload" className="summary">
      <span>{waiting ? `${files} waiting for connection` : `Uploading ${files}`}</span>
      <progress value={total === 0 ? 0 : sent / total} max={1} aria-label="Upload progress" />
      <span className="summary-detail">
        {formatBytes(sent)} of {formatBytes(total)}
      </span>
    </Link>
  );
}

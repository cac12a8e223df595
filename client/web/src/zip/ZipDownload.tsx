import { formatBytes } from "../format/bytes.ts";
import "../styles/zip.css";
import { Icon } from "../ui/Icon.tsx";
import { Name } from "../ui/Name.tsx";
import type { ZipFile } from "./downloadZip.ts";
import { useZip, type ZipState } from "./useZip.ts";
import { t } from "../messages/t.ts";

interface ZipDownloadProps {
  readonly files: readonly ZipFile[];
  readonly onClose: () => void;
}

/** Downloads files as one ZIP, and shows the progress and the result. */
export function ZipDownload({ files, onClose }: ZipDownloadProps) {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const { state, progress, cancel } = useZip(files, total, onClose);
  const running = state.kind === "running";
  return (
    <section className="zip" aria-label={t("zip.title")}>
      <div className="zip-line">
        <p role="status">
          <strong>{headline(state, files.length)}</strong>
        </p>
        <button
          type="button"
          className={running ? "button" : "icon-button"}
          aria-label={running ? t("zip.cancel") : t("ui.dismiss")}
          onClick={running ? cancel : onClose}
        >
          {running ? t("ui.cancel") : <Icon name="close" size={16} />}
        </button>
      </div>
      {running && (
        <>
          <progress
            aria-label={t("zip.downloaded")}
            max={Math.max(1, total)}
            value={progress.bytes}
          />
          <p className="hint">
            {t("zip.progress", {
              done: progress.files,
              count: files.length,
              bytes: formatBytes(progress.bytes),
              total: formatBytes(total),
            })}
          </p>
        </>
      )}
      {state.kind === "problem" && (
        <p className="problem" role="alert">
          {state.text}
        </p>
      )}
      {state.kind === "done" && state.failed.length > 0 && (
        <ul className="zip-failed">
          {state.failed.map(({ filename, cut }, index) => (
            <li key={index}>
              <Name>{filename}</Name>
              {cut && t("zip.cut")}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function headline(state: ZipState, files: number): string {
  switch (state.kind) {
    case "running":
      return t("zip.running", { count: files });
    case "problem":
      return t("zip.notSaved");
    case "done": {
      const { length } = state.failed;
      if (length === 0) return t("zip.saved", { count: files });
      return t("zip.savedWithout", { count: length });
    }
  }
}

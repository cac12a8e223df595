import type { UploadItem } from "media-upload";
import { memo } from "react";
import { formatBytes } from "../../format/bytes.ts";
import { visibleName } from "../../format/names.ts";
import { KIND_ICONS, kindOf } from "../../library/kind.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { Name } from "../../ui/Name.tsx";
import type { Limits } from "../useLimits.ts";
import { describe, percentOf, shareOf } from "../progress.ts";
import { reasonOf, remedyOf, type Remedy } from "./remedy.ts";
import type { Speeds } from "./speeds.ts";
import { message, t, type Message } from "../../messages/t.ts";

/** What the user does with a file. */
export type FileAction = Remedy | "pause" | "remove";

interface FileRowProps {
  readonly item: UploadItem;
  /** The place in the list, from 1. */
  readonly position: number;
  readonly files: number;
  readonly top: number;
  readonly height: number;
  readonly speeds: Speeds;
  readonly limits: Limits | undefined;
  readonly onAction: (action: FileAction, item: UploadItem) => void;
}

const REMEDY_LABELS: Record<Remedy, Message> = {
  retry: message("tray.retry"),
  choose: message("tray.choose"),
  resume: message("tray.resume"),
};
/** Smaller files are sent so fast that their progress says nothing. */
const SMALL_BYTES = 1_000_000;
const ENDED: ReadonlySet<string> = new Set(["failed", "missing", "stored"]);
const TROUBLED: ReadonlySet<string> = new Set(["failed", "missing"]);
const PAUSABLE: ReadonlySet<string> = new Set(["queued", "requesting", "hashing", "uploading"]);

/** A file in the tray's list: its name, state, progress and what can be done about it. */
export const FileRow = memo(function FileRow(props: FileRowProps) {
  const { item, position, files, top, height, speeds, limits, onAction } = props;
  const { name, size, state, bytesSent } = item;
  const remedy = remedyOf(item);
  const detail = detailOf(item, speeds.read(item), limits);
  const act = (action: FileAction) => () => onAction(action, item);
  return (
    <div
      role="listitem"
      aria-setsize={files}
      aria-posinset={position}
      className="tray-row"
      data-state={state}
      style={{ transform: `translateY(${top}px)`, height }}
    >
      <span className="tray-row-icon">
        <Icon name={iconOf(item)} size={20} />
      </span>
      <div className="tray-row-text">
        <FileName>{name}</FileName>
        <p className="tray-row-detail" title={item.problem && detail}>
          {detail}
        </p>
        {bytesSent > 0 && size >= SMALL_BYTES && !ENDED.has(state) && (
          <progress
            value={shareOf(bytesSent, size)}
            max={1}
            aria-label={t("progress.of", { name: visibleName(name) })}
          />
        )}
      </div>
      {remedy !== undefined && (
        <button
          type="button"
          className="button small"
          aria-label={t("tray.actionOn", {
            action: t(REMEDY_LABELS[remedy]),
            name: visibleName(name),
          })}
          onClick={act(remedy)}
        >
          {t(REMEDY_LABELS[remedy])}
        </button>
      )}
      {PAUSABLE.has(state) && (
        <RowButton icon="pause" label={t("tray.pause")} name={name} onClick={act("pause")} />
      )}
      <RowButton
        icon="close"
        label={isOver(item) ? t("tray.remove") : t("tray.cancel")}
        name={name}
        onClick={act("remove")}
      />
    </div>
  );
});

interface RowButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly name: string;
  readonly onClick: () => void;
}

function RowButton({ icon, label, name, onClick }: RowButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={t("tray.actionOn", { action: label, name: visibleName(name) })}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} size={18} />
    </button>
  );
}

/** Shows a name whose folders are cut off first if it is too long. */
function FileName({ children }: { readonly children: string }) {
  const at = children.lastIndexOf("/") + 1;
  return (
    <p className="tray-row-name" title={visibleName(children)}>
      {at > 0 && (
        <span className="tray-row-folder">
          <Name>{children.slice(0, at)}</Name>
        </span>
      )}
      <span>
        <Name>{children.slice(at)}</Name>
      </span>
    </p>
  );
}

function iconOf({ state, type }: UploadItem): IconName {
  if (state === "stored") return "check";
  if (TROUBLED.has(state)) return "warning";
  if (state === "waiting" || state === "retrying") return "clock";
  return KIND_ICONS[kindOf(type)];
}

/** Whether the file can be removed from the list without cancelling an upload. */
function isOver({ state, uploadId }: UploadItem): boolean {
  return state === "stored" || (state === "failed" && uploadId === undefined);
}

/** Describe the state in words, with the reason and what to do if the file does not go on. */
function detailOf(
  item: UploadItem,
  bytesPerSecond: number | undefined,
  limits: Limits | undefined,
): string {
  const { state, size, bytesSent } = item;
  const sent = t("tray.sent", { sent: formatBytes(bytesSent), total: formatBytes(size) });
  switch (state) {
    case "failed":
    case "waiting":
    case "retrying":
      return reasonOf(item, limits) ?? describe({ ...item, elsewhere: false });
    case "missing":
      return item.reopenable
        ? t("tray.detail.resume", { size: formatBytes(size) })
        : t("tray.detail.choose", { size: formatBytes(size) });
    case "uploading":
      if (size < SMALL_BYTES) return t("tray.detail.uploading", { size: formatBytes(size) });
      return [percentOf(bytesSent, size), sent]
        .concat(
          bytesPerSecond === undefined
            ? []
            : t("tray.detail.speed", { size: formatBytes(bytesPerSecond) }),
        )
        .join(" · ");
    case "paused":
      return t("tray.detail.paused", { size: bytesSent > 0 ? sent : formatBytes(size) });
    default:
      return `${describe({ ...item, elsewhere: false })} · ${formatBytes(size)}`;
  }
}

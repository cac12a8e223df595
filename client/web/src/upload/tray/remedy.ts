import type { UploadItem } from "media-upload";
import { formatBytes } from "../../format/bytes.ts";
import { formatList } from "../../format/lists.ts";
import type { Limits } from "../useLimits.ts";
import { message, t, type Message } from "../../messages/t.ts";

/** What the user can do about a file that does not go on by itself. */
export type Remedy = "retry" | "choose" | "resume";

/** Return what continues the file's upload; undefined if nothing does, or nothing is needed. */
export function remedyOf({ state, problem, retryable }: UploadItem): Remedy | undefined {
  if (state === "paused") return "resume";
  if (state === "missing") return "choose";
  if (state === "failed" && problem?.kind === "file") return "choose";
  return retryable ? "retry" : undefined;
}

/** The names of media types that the service may accept, as people say them. */
const TYPE_NAMES: Readonly<Record<string, Message>> = {
  "image/*": message("tray.type.images"),
  "video/*": message("tray.type.videos"),
  "audio/*": message("tray.type.audio"),
  "text/*": message("tray.type.text"),
  "application/pdf": message("tray.type.pdf"),
  "application/zip": message("tray.type.zip"),
  "application/octet-stream": message("tray.type.binary"),
};

/** Say why the file does not go on; undefined if there is no reason. */
export function reasonOf({ problem, size }: UploadItem, limits: Limits | undefined) {
  if (limits === undefined || problem?.kind !== "refused") return problem?.message;
  switch (problem.code) {
    case "UNSUPPORTED_MEDIA_TYPE": {
      const names = limits.contentTypes.map((type) => {
        const name = TYPE_NAMES[type];
        return name === undefined ? type : t(name);
      });
      return t("tray.notAccepted", { types: formatList(names) });
    }
    case "FILE_TOO_LARGE": {
      const limit = formatBytes(limits.maxUploadBytes);
      return t("tray.tooLarge", { size: formatBytes(size), limit });
    }
    default:
      return problem.message;
  }
}

import { TransferError } from "./engine/errors.ts";
import type { Entry } from "./entry.ts";
import { accepts, type ChosenFile } from "./files.ts";
import type { Saved } from "./journal.ts";
import { randomId } from "./name.ts";
import type { AddOptions, UploadsOptions } from "./types.ts";

const NAME_MAX_LENGTH = 255;

/** Return the name under which the file is stored: its path, without leading folders if too long. */
export function pathOf({ file, path }: ChosenFile): string {
  let name = path ?? (file.webkitRelativePath || file.name);
  while (name.length > NAME_MAX_LENGTH && name.includes("/")) {
    name = name.slice(name.indexOf("/") + 1);
  }
  return name;
}

/** Return what the queue and the journal must know about a new file. */
export function describe(
  { file, handle, folder }: ChosenFile,
  name: string,
  { tags, uploadId, contentType = file.type, clientToken = randomId() }: AddOptions,
): Saved {
  const { size, lastModified } = file;
  const reopens = handle ?? folder;
  return {
    ...{ id: clientToken, name, type: contentType, size, lastModified },
    ...(uploadId !== undefined && { uploadId }),
    ...(tags !== undefined && { tags }),
    ...(reopens !== undefined && { handle: reopens }),
  };
}

/** Return why the queue's options refuse a file; `files` is the length of the list with it. */
export function refusalOf(
  file: File,
  files: number,
  { accept = "", maxFileBytes = Infinity, maxFiles = Infinity }: UploadsOptions,
): TransferError | undefined {
  const refuse = (code: string, message: string) => new TransferError("refused", message, { code });
  if (files > maxFiles) {
    const allowed = maxFiles === 1 ? "Only one file is" : `Only ${maxFiles} files are`;
    return refuse("TOO_MANY", `${allowed} allowed.`);
  }
  if (!accepts(accept, file)) {
    return refuse("UNSUPPORTED_MEDIA_TYPE", `This file type isn't accepted. Accepted: ${accept}.`);
  }
  if (file.size > maxFileBytes) {
    return refuse("FILE_TOO_LARGE", `This file is too large. The limit is ${maxFileBytes} bytes.`);
  }
  return undefined;
}

/** Whether sending a file again can't help. */
export function isFinal(problem: TransferError | undefined): boolean {
  const { kind, code } = problem ?? {};
  if (code === "QUOTA_EXCEEDED") return false; // The user may delete other files.
  return kind === "closed" || kind === "rejected" || kind === "refused";
}

/** Whether a later page needs to know the file. */
export function isKept({ state, problem }: Pick<Entry, "state" | "problem">): boolean {
  return state !== "stored" && !(state === "failed" && isFinal(problem));
}

import type { IconName } from "../ui/Icon.tsx";

export type Kind = "image" | "video" | "audio" | "file";

export function kindOf(contentType: string): Kind {
  const major = contentType.split("/", 1)[0];
  return major === "image" || major === "video" || major === "audio" ? major : "file";
}

export const KIND_ICONS: Record<Kind, IconName> = {
  image: "image",
  video: "video",
  audio: "audio",
  file: "file",
};

const ARCHIVE = /\b(zip|gzip|x-tar|x-7z-compressed|vnd\.rar|x-bzip2|x-xz|zstd)$/;

/** Return the group of types that share a colour. */
export function toneOf(contentType: string): string {
  const kind = kindOf(contentType);
  if (kind !== "file") return kind;
  const type = contentType.split(";", 1)[0] ?? "";
  if (type === "application/pdf") return "pdf";
  if (type.startsWith("text/")) return "text";
  return ARCHIVE.test(type) ? "archive" : "file";
}

interface Named {
  readonly filename: string;
  readonly contentType: string;
}

/**
 * Return the short name of a file's type: "PDF", "JPEG", "DOCX". Falls back to the filename
 * extension if the content type contains no such name.
 */
export function typeName({ filename, contentType }: Named): string {
  const minor = contentType.split("/")[1]?.split(";")[0] ?? contentType;
  const word = minor.replace(/^(x-|vnd\.)/, "").split("+")[0] ?? minor;
  const readable = word.length <= 5 && word !== "plain";
  const extension = /\.([a-z0-9]{1,5})$/i.exec(filename)?.[1];
  return (readable ? word : (extension ?? "file")).toUpperCase();
}

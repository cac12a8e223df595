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

/** "PDF", "JPEG", "PNG": what people call the type, as far as its name tells. */
export function typeName(contentType: string): string {
  const minor = contentType.split("/")[1]?.split(";")[0] ?? contentType;
  const word = minor.replace(/^(x-|vnd\.)/, "").split("+")[0] ?? minor;
  return word.length <= 5 ? word.toUpperCase() : word;
}

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

interface Named {
  readonly filename: string;
  readonly contentType: string;
}

/** "PDF", "JPEG", "DOCX": what people call the type. Where its name is none of these, files end so. */
export function typeName({ filename, contentType }: Named): string {
  const minor = contentType.split("/")[1]?.split(";")[0] ?? contentType;
  const word = minor.replace(/^(x-|vnd\.)/, "").split("+")[0] ?? minor;
  const called = word.length <= 5 && word !== "plain";
  const ending = /\.([a-z0-9]{1,5})$/i.exec(filename)?.[1];
  return (called ? word : (ending ?? "file")).toUpperCase();
}

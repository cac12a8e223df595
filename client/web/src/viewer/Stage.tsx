import { kindOf } from "../library/kind.ts";
import { ImageStage } from "./ImageStage.tsx";
import { OtherStage } from "./OtherStage.tsx";
import { PdfStage } from "./PdfStage.tsx";
import { PlayerStage } from "./PlayerStage.tsx";
import { TextStage } from "./TextStage.tsx";
import { isText } from "./text.ts";
import type { ViewedUpload } from "./useViewed.ts";
import { t } from "../messages/t.ts";

/** Shows a file in the way that fits its type. */
export function Stage({ upload }: { readonly upload: ViewedUpload }) {
  if (upload.download === null) {
    return <OtherStage upload={upload} reason={t("viewer.notStored")} />;
  }
  const kind = kindOf(upload.contentType);
  if (kind === "image") return <ImageStage upload={upload} />;
  if (kind === "video" || kind === "audio") return <PlayerStage upload={upload} kind={kind} />;
  if (upload.contentType === "application/pdf") return <PdfStage upload={upload} />;
  if (isText(upload.contentType)) return <TextStage upload={upload} />;
  return <OtherStage upload={upload} />;
}

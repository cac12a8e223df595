import type { FragmentType } from "@apollo/client";
import { useFields } from "../api/useFields.ts";
import type { Stage_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { kindOf } from "../library/kind.ts";
import { ImageStage } from "./ImageStage.tsx";
import { OtherStage } from "./OtherStage.tsx";
import { PdfStage } from "./PdfStage.tsx";
import { PlayerStage } from "./PlayerStage.tsx";
import { TextStage } from "./TextStage.tsx";
import { isText } from "./text.ts";
import { t } from "../messages/t.ts";

const stageFields = graphql(`
  fragment Stage_upload on Upload {
    id
    contentType
    ...useSignedUrl_upload @unmask
    ...ImageStage_upload
    ...OtherStage_upload
    ...PdfStage_upload
    ...PlayerStage_upload
    ...TextStage_upload
  }
`);

/** Shows a file in the way that fits its type. */
export function Stage(props: { readonly upload: FragmentType<Stage_uploadFragment> }) {
  const upload = useFields(stageFields, props.upload);
  if (upload === undefined) return null;
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

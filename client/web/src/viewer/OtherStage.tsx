import type { FragmentType } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { useFields } from "../api/useFields.ts";
import { formatBytes } from "../format/bytes.ts";
import { visibleName } from "../format/names.ts";
import type { OtherStage_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { download } from "../library/downloads.ts";
import { headlineOf } from "../library/headlines.ts";
import { KIND_ICONS, kindOf, typeName } from "../library/kind.ts";
import { Picture } from "../library/Picture.tsx";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../messages/t.ts";

const stageFields = graphql(`
  fragment OtherStage_upload on Upload {
    id
    filename
    contentType
    size
    status
    preview: rendition(name: PREVIEW) {
      url
      width
      height
      expiresAt
    }
    ...headlines_upload @unmask
    ...Picture_upload @unmask
  }
`);

interface OtherStageProps {
  readonly upload: FragmentType<OtherStage_uploadFragment>;
  /** Why the file itself isn't shown. */
  readonly reason?: string;
}

/** Shows the preview or the icon of a file that can't be shown here, and offers to download it. */
export function OtherStage({ reason = t("viewer.noType"), ...props }: OtherStageProps) {
  const upload = useFields(stageFields, props.upload);
  const client = useApolloClient();
  const [problem, setProblem] = useState<string>();
  if (upload === undefined) return null;
  const headline = headlineOf(upload)?.text;
  const facts = [typeName(upload), formatBytes(upload.size), headline].filter(Boolean).join(" · ");
  return (
    <div className="viewer-other">
      <Picture upload={upload} rendition={upload.preview} alt={visibleName(upload.filename)}>
        <Icon name={KIND_ICONS[kindOf(upload.contentType)]} size={72} />
      </Picture>
      <p>{facts}</p>
      <p>{reason}</p>
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {upload.status === "STORED" && (
        <button
          type="button"
          className="button primary"
          onClick={() => void download(client, upload.id).then(setProblem)}
        >
          <Icon name="download" size={18} />
          {t("viewer.downloadFile")}
        </button>
      )}
    </div>
  );
}

import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { formatBytes } from "../format/bytes.ts";
import { visibleName } from "../format/names.ts";
import { download } from "../library/downloads.ts";
import { headlineOf } from "../library/headlines.ts";
import { KIND_ICONS, kindOf, typeName } from "../library/kind.ts";
import { Picture } from "../library/Picture.tsx";
import { Icon } from "../ui/Icon.tsx";
import type { ViewedUpload } from "./useViewed.ts";
import { t } from "../messages/t.ts";

interface OtherStageProps {
  readonly upload: ViewedUpload;
  /** Why the file itself isn't shown. */
  readonly reason?: string;
}

/** Shows the preview or the icon of a file that can't be shown here, and offers to download it. */
export function OtherStage({ upload, reason = t("viewer.noType") }: OtherStageProps) {
  const client = useApolloClient();
  const [problem, setProblem] = useState<string>();
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

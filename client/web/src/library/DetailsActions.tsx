import type { FragmentType } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { Link } from "react-router";
import { useFields } from "../api/useFields.ts";
import type { DetailsActions_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { DeleteButton } from "../trash/DeleteButton.tsx";
import { TrashedActions } from "../trash/TrashedActions.tsx";
import { Icon } from "../ui/Icon.tsx";
import { ShareLink } from "../viewer/ShareLink.tsx";
import { viewerLink } from "../viewer/useViewer.ts";
import { download } from "./downloads.ts";
import { t } from "../messages/t.ts";

const actionFields = graphql(`
  fragment DetailsActions_upload on Upload {
    id
    filename
    size
    status
    trashedAt
    ...ShareLink_upload
  }
`);

interface DetailsActionsProps {
  readonly upload: FragmentType<DetailsActions_uploadFragment>;
  readonly onDeleted: () => void;
}

export function DetailsActions({ onDeleted, ...props }: DetailsActionsProps) {
  const upload = useFields(actionFields, props.upload);
  const client = useApolloClient();
  const [sharing, setSharing] = useState(false);
  const [problem, setProblem] = useState<string>();
  if (upload === undefined) return null;
  const stored = upload.status === "STORED";

  return (
    <>
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <div className="details-actions">
        {stored && (
          <>
            <Link className="button" {...viewerLink(upload.id)}>
              <Icon name="expand" size={18} />
              {t("details.view")}
            </Link>
            <button
              type="button"
              className="button primary"
              onClick={() => void download(client, upload.id).then(setProblem)}
            >
              <Icon name="download" size={18} />
              {t("details.download")}
            </button>
            <button
              type="button"
              className="button"
              aria-expanded={sharing}
              onClick={() => setSharing(!sharing)}
            >
              <Icon name="link" size={18} />
              {t("details.share")}
            </button>
          </>
        )}
        {upload.trashedAt === null ? (
          <DeleteButton ids={[upload.id]} onDelete={onDeleted} />
        ) : (
          <TrashedActions upload={upload} onDone={onDeleted} />
        )}
      </div>
      {stored && sharing && <ShareLink upload={upload} />}
    </>
  );
}

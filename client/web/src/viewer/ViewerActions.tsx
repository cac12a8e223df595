import type { FragmentType } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { useFields } from "../api/useFields.ts";
import type { ViewerActions_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { download } from "../library/downloads.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { t } from "../messages/t.ts";

const actionFields = graphql(`
  fragment ViewerActions_upload on Upload {
    id
    status
  }
`);

export type Panel = "facts" | "share";

interface ViewerActionsProps {
  readonly upload: FragmentType<ViewerActions_uploadFragment>;
  readonly panel: Panel | undefined;
  readonly onToggle: (panel: Panel) => void;
}

/** The buttons for the file that is shown. */
export function ViewerActions({ panel, onToggle, ...props }: ViewerActionsProps) {
  const upload = useFields(actionFields, props.upload);
  const client = useApolloClient();
  const [problem, setProblem] = useState<string>();
  if (upload === undefined) return null;
  const stored = upload.status === "STORED";
  return (
    <div className="viewer-actions" role="group" aria-label={t("viewer.actions")}>
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <Toggle
        panel="facts"
        icon="info"
        label={t("viewer.details")}
        keys="i"
        shown={panel === "facts"}
        onClick={() => onToggle("facts")}
      />
      {stored && (
        <>
          <Toggle
            panel="share"
            icon="link"
            label={t("viewer.share")}
            shown={panel === "share"}
            onClick={() => onToggle("share")}
          />
          <button
            type="button"
            className="icon-button"
            aria-label={t("viewer.download")}
            title={t("viewer.download")}
            onClick={() => void download(client, upload.id).then(setProblem)}
          >
            <Icon name="download" />
          </button>
        </>
      )}
    </div>
  );
}

interface ToggleProps {
  readonly panel: Panel;
  readonly icon: IconName;
  readonly label: string;
  readonly keys?: string;
  readonly shown: boolean;
  readonly onClick: () => void;
}

function Toggle({ panel, icon, label, keys, shown, onClick }: ToggleProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={keys === undefined ? label : t("viewer.withKey", { action: label, key: keys })}
      aria-keyshortcuts={keys}
      aria-expanded={shown}
      data-panel={panel}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

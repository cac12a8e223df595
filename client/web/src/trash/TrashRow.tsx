import type { ReactNode } from "react";
import { uploadRef } from "../api/uploadFields.ts";
import { useFields } from "../api/useFields.ts";
import { formatBytes } from "../format/bytes.ts";
import { formatAgo, formatMoment } from "../format/dates.ts";
import { visibleName } from "../format/names.ts";
import { graphql } from "../graphql/index.ts";
import { Preview } from "../library/Preview.tsx";
import { Name } from "../ui/Name.tsx";
import type { Trashed } from "./allTrashed.ts";
import { deletionTime } from "./dates.ts";
import { t } from "../messages/t.ts";
import { rich } from "../messages/rich.ts";

const rowFields = graphql(`
  fragment TrashRow_upload on Upload {
    id
    filename
    size
    trashedAt
    ...Preview_upload @unmask
  }
`);

interface TrashRowProps {
  readonly id: string;
  readonly ttlSeconds: number | undefined;
  readonly selected: boolean;
  readonly onSelect: (upload: Trashed, selected: boolean) => void;
  readonly onRestore: (upload: Trashed) => void;
  readonly onDelete: (upload: Trashed) => void;
}

/** Say when the file was deleted, and when it is deleted for good. */
function history(size: number, trashedAt: string, ttlSeconds: number | undefined): ReactNode {
  const values = {
    size: formatBytes(size),
    ago: (
      <time dateTime={trashedAt} title={formatMoment(trashedAt)}>
        {formatAgo(trashedAt)}
      </time>
    ),
  };
  if (ttlSeconds === undefined) return rich("trash.deleted", values);
  return rich("trash.deletedUntil", { ...values, time: deletionTime(trashedAt, ttlSeconds) });
}

/** A file in the trash: what it is, until when it can be restored, and the actions for it. */
export function TrashRow(props: TrashRowProps) {
  const { ttlSeconds, selected, onSelect, onRestore, onDelete } = props;
  const upload = useFields(rowFields, uploadRef(props.id));
  if (upload === undefined) return null;
  const { filename, size, trashedAt } = upload;
  const name = visibleName(filename);
  return (
    <li className="row" data-selected={selected}>
      <input
        type="checkbox"
        aria-label={t("library.select", { name })}
        checked={selected}
        onChange={(event) => onSelect(upload, event.target.checked)}
      />
      <Preview upload={upload} />
      <div className="trash-text">
        <strong>
          <Name>{filename}</Name>
        </strong>
        <p className="hint">
          {trashedAt === null ? formatBytes(size) : history(size, trashedAt, ttlSeconds)}
        </p>
      </div>
      <div className="trash-actions">
        <button
          type="button"
          className="button"
          aria-label={t("trash.restoreOf", { name })}
          onClick={() => onRestore(upload)}
        >
          {t("trash.restore")}
        </button>
        <button
          type="button"
          className="button danger"
          aria-label={t("trash.forGoodOf", { name })}
          onClick={() => onDelete(upload)}
        >
          {t("trash.forGood")}
        </button>
      </div>
    </li>
  );
}

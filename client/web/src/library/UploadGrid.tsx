import type { CSSProperties, KeyboardEvent, ReactNode } from "react";
import { uploadRef } from "../api/uploadFields.ts";
import { useFields } from "../api/useFields.ts";
import { formatBytes } from "../format/bytes.ts";
import { formatAgo, formatMoment } from "../format/dates.ts";
import { visibleName } from "../format/names.ts";
import type { UploadGrid_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { MiddleName } from "../ui/MiddleName.tsx";
import { headlineOf } from "./headlines.ts";
import type { FilesProps, ShownFile } from "./Files.tsx";
import { Preview } from "./Preview.tsx";
import { StatusBadge } from "./StatusBadge.tsx";
import { STOP } from "./useListKeys.ts";
import type { Selection } from "./useSelection.ts";
import { t } from "../messages/t.ts";

const cardFields = graphql(`
  fragment UploadGrid_upload on Upload {
    id
    filename
    size
    createdAt
    status
    ...headlines_upload @unmask
    ...Preview_upload @unmask
    ...StatusBadge_upload @unmask
  }
`);

export interface ViewProps extends FilesProps {
  readonly files: readonly ShownFile[];
  readonly active: number;
  readonly columns: number;
  readonly rowPx: number;
  readonly gapPx: number;
  readonly heightPx: number;
  readonly press: (event: KeyboardEvent) => void;
}

/** Cards of one height. To screen readers, each is a row of the grid. */
export function UploadGrid(props: ViewProps) {
  const { list, selection, files, heightPx, gapPx, press } = props;
  return (
    // The focus is on the files.
    // eslint-disable-next-line jsx-a11y/interactive-supports-focus
    <div
      className={`cards${selection.ids.size > 0 ? " selecting" : ""}`}
      role="grid"
      aria-label={t("library.filesLabel")}
      aria-rowcount={list.totalCount}
      aria-multiselectable="true"
      style={{ height: heightPx, "--gap": `${gapPx}px` } as CSSProperties}
      onKeyDown={press}
    >
      {files.map((file) => (
        <Card key={file.id} file={file} {...props} />
      ))}
    </div>
  );
}

function Card({ file, ...props }: ViewProps & { readonly file: ShownFile }) {
  const { selection, openId, columns, rowPx } = props;
  const { place, row } = file;
  const upload = useFields(cardFields, uploadRef(file.id));
  if (upload === undefined) return null;
  const name = visibleName(upload.filename);
  const selected = selection.ids.has(upload.id);
  return (
    <div
      role="row"
      aria-rowindex={place + 1}
      aria-selected={selected}
      className="card"
      data-selected={selected}
      data-open={upload.id === openId}
      style={{
        height: `calc(${rowPx}px - var(--gap))`,
        width: `calc((100% - ${columns - 1} * var(--gap)) / ${columns})`,
        top: row.start,
        insetInlineStart: `calc((100% + var(--gap)) / ${columns} * ${place % columns})`,
      }}
    >
      <div role="gridcell">
        <OpenButton
          file={file}
          className="card-open"
          label={t("library.detailsOf", { name })}
          {...props}
        >
          <Preview upload={upload} />
        </OpenButton>
        <SelectBox id={upload.id} name={name} selection={selection} />
        {upload.status !== "STORED" && <StatusBadge upload={upload} />}
        <div className="card-text">
          <span className="card-name" title={name}>
            <MiddleName>{upload.filename}</MiddleName>
          </span>
          <span className="card-detail">
            {formatBytes(upload.size)}
            {" · "}
            <time dateTime={upload.createdAt} title={formatMoment(upload.createdAt)}>
              {formatAgo(upload.createdAt)}
            </time>
            <SpokenHeadline upload={upload} />
          </span>
        </div>
      </div>
    </div>
  );
}

/** What the thumbnail's badge says: the button around it has a label of its own. */
function SpokenHeadline({ upload }: { readonly upload: UploadGrid_uploadFragment }) {
  const headline = headlineOf(upload);
  return (
    headline && (
      <span className="visually-hidden">{t("library.spoken", { fact: headline.spoken })}</span>
    )
  );
}

interface OpenButtonProps extends ViewProps {
  readonly file: ShownFile;
  readonly className: string;
  readonly label: string;
  readonly children: ReactNode;
}

/**
 * Opens the details of a file; a click with Ctrl or Shift selects it. Of all files, only the active
 * one is a tab stop.
 */
export function OpenButton({ file, className, label, children, ...props }: OpenButtonProps) {
  const { active, selection, onOpen, onActive } = props;
  const { id, place } = file;
  return (
    <button
      type="button"
      {...{ [STOP]: place }}
      data-upload={id}
      tabIndex={place === active ? 0 : -1}
      className={className}
      aria-label={label}
      onClick={(event) => {
        if (event.shiftKey || event.ctrlKey || event.metaKey) {
          onActive(id);
          selection.toggle(id, event.shiftKey);
        } else onOpen(id);
      }}
    >
      {children}
    </button>
  );
}

interface SelectBoxProps {
  readonly id: string;
  readonly name: string;
  readonly selection: Selection;
}

/** Selects one upload; with Shift, everything from the last one selected to it. */
export function SelectBox({ id, name, selection }: SelectBoxProps) {
  return (
    <label className="select-box">
      <input
        type="checkbox"
        tabIndex={-1} // By keyboard, Space selects the file.
        aria-label={t("library.select", { name })}
        checked={selection.ids.has(id)}
        onChange={(event) => selection.toggle(id, (event.nativeEvent as MouseEvent).shiftKey)}
      />
    </label>
  );
}

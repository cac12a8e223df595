import type { CSSProperties, KeyboardEvent, ReactNode } from "react";
import { formatBytes } from "../format/bytes.ts";
import { formatAgo, formatMoment } from "../format/dates.ts";
import { visibleName } from "../format/names.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { MiddleName } from "../ui/MiddleName.tsx";
import { headlineOf } from "./headlines.ts";
import type { FilesProps, ShownFile } from "./Files.tsx";
import { Preview } from "./Preview.tsx";
import { StatusBadge } from "./StatusBadge.tsx";
import { STOP } from "./useListKeys.ts";
import type { Selection } from "./useSelection.ts";
import { t } from "../messages/t.ts";

export interface ViewProps extends FilesProps {
  readonly files: readonly ShownFile[];
  readonly active: number;
  readonly columns: number;
  readonly rowPx: number;
  readonly gapPx: number;
  readonly heightPx: number;
  readonly press: (event: KeyboardEvent) => void;
}

/** How a view divides its width; lengths in CSS pixels. */
export interface Measures {
  readonly columns: number;
  readonly rowPx: number;
  readonly gapPx: number;
  /** What is above the first row. */
  readonly headPx: number;
}

const NARROW_PX = 520;
const GAP_PX = 14;
const NARROW_GAP_PX = 10;
/** In rem, so that the cards grow with the browser's font size. */
const CARD_REM = 11.5;
const NARROW_CARD_REM = 9.5;
const TEXT_REM = 3.75;

/** Return how many cards fit beside each other, and their height with the gap. */
export function measureGrid(width: number): Measures {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const gapPx = width < NARROW_PX ? NARROW_GAP_PX : GAP_PX;
  const least = (width < NARROW_PX ? NARROW_CARD_REM : CARD_REM) * rem;
  const columns = Math.max(1, Math.floor((width + gapPx) / (least + gapPx)));
  const cardWidth = (width - gapPx * (columns - 1)) / columns;
  const rowPx = Math.round(cardWidth * 0.75 + TEXT_REM * rem + gapPx);
  return { columns, rowPx, gapPx, headPx: 0 };
}

/** In rem, so that the rows grow with the browser's font size. */
const ROW_REM = 3.5;
const HEAD_REM = 2.5;

export function measureTable(): Measures {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { columns: 1, rowPx: ROW_REM * rem, gapPx: 0, headPx: HEAD_REM * rem };
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
        <Card key={file.upload.id} file={file} {...props} />
      ))}
    </div>
  );
}

function Card({ file, ...props }: ViewProps & { readonly file: ShownFile }) {
  const { selection, openId, columns, rowPx } = props;
  const { upload, place, row } = file;
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
        <OpenButton file={file} className="card-open" {...props}>
          <Preview upload={upload} />
        </OpenButton>
        <SelectBox upload={upload} selection={selection} />
        {upload.status !== "STORED" && <StatusBadge upload={upload} />}
        <div className="card-text">
          <span className="card-name" title={visibleName(upload.filename)}>
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
function SpokenHeadline({ upload }: { readonly upload: UploadFieldsFragment }) {
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
  readonly label?: string;
  readonly children: ReactNode;
}

/**
 * Opens the details of a file; a click with Ctrl or Shift selects it. Of all files, only the active
 * one is a tab stop.
 */
export function OpenButton({ file, className, label, children, ...props }: OpenButtonProps) {
  const { active, selection, onOpen, onActive } = props;
  const { upload, place } = file;
  return (
    <button
      type="button"
      {...{ [STOP]: place }}
      data-upload={upload.id}
      tabIndex={place === active ? 0 : -1}
      className={className}
      aria-label={label ?? t("library.detailsOf", { name: visibleName(upload.filename) })}
      onClick={(event) => {
        if (event.shiftKey || event.ctrlKey || event.metaKey) {
          onActive(upload.id);
          selection.toggle(upload.id, event.shiftKey);
        } else onOpen(upload.id);
      }}
    >
      {children}
    </button>
  );
}

interface SelectBoxProps {
  readonly upload: UploadFieldsFragment;
  readonly selection: Selection;
}

/** Selects one upload; with Shift, everything from the last one selected to it. */
export function SelectBox({ upload, selection }: SelectBoxProps) {
  return (
    <label className="select-box">
      <input
        type="checkbox"
        tabIndex={-1} // By keyboard, Space selects the file.
        aria-label={t("library.select", { name: visibleName(upload.filename) })}
        checked={selection.ids.has(upload.id)}
        onChange={(event) =>
          selection.toggle(upload.id, (event.nativeEvent as MouseEvent).shiftKey)
        }
      />
    </label>
  );
}

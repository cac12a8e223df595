import { formatBytes } from "../format/bytes.ts";
import { formatAgo, formatMoment } from "../format/dates.ts";
import { visibleName } from "../format/names.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { Name } from "../ui/Name.tsx";
import { headlineOf } from "./facts.ts";
import { Preview } from "./Preview.tsx";
import { StatusBadge } from "./StatusBadge.tsx";
import type { Selection } from "./useSelection.ts";

export interface UploadsProps {
  readonly uploads: readonly UploadFieldsFragment[];
  readonly selection: Selection;
  readonly onOpen: (id: string) => void;
}

export function UploadGrid({ uploads, selection, onOpen }: UploadsProps) {
  return (
    <ul className={`grid${selection.ids.size > 0 ? " selecting" : ""}`}>
      {uploads.map((upload) => (
        <li key={upload.id} className="card" data-selected={selection.ids.has(upload.id)}>
          <button
            type="button"
            className="card-open"
            aria-label={`Details of ${visibleName(upload.filename)}`}
            onClick={() => onOpen(upload.id)}
          >
            <Preview upload={upload} />
          </button>
          <SelectBox upload={upload} selection={selection} />
          <div className="card-text">
            <span className="card-name" title={visibleName(upload.filename)}>
              <Name>{upload.filename}</Name>
            </span>
            <span className="card-detail">
              {formatBytes(upload.size)}
              {" · "}
              <time dateTime={upload.createdAt} title={formatMoment(upload.createdAt)}>
                {formatAgo(upload.createdAt)}
              </time>
              <SpokenHeadline upload={upload} />
            </span>
            {upload.status !== "STORED" && <StatusBadge upload={upload} />}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** What the thumbnail's badge says: the button around it has a label of its own. */
function SpokenHeadline({ upload }: { readonly upload: UploadFieldsFragment }) {
  const headline = headlineOf(upload);
  return headline && <span className="visually-hidden">, {headline.spoken}</span>;
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
        aria-label={`Select ${visibleName(upload.filename)}`}
        checked={selection.ids.has(upload.id)}
        onChange={(event) =>
          selection.toggle(upload.id, (event.nativeEvent as MouseEvent).shiftKey)
        }
      />
    </label>
  );
}

import { formatBytes } from "../format/bytes.ts";
import { formatAgo, formatMoment } from "../format/dates.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { Name } from "../ui/Name.tsx";
import { typeName } from "./kind.ts";
import { dimensionsOf, headlineOf } from "./facts.ts";
import { Preview } from "./Preview.tsx";
import { StatusBadge } from "./StatusBadge.tsx";
import { SelectBox, type UploadsProps } from "./UploadGrid.tsx";

export function UploadTable({ uploads, selection, onOpen }: UploadsProps) {
  return (
    <table className="table">
      <thead>
        <tr>
          <td />
          <th scope="col">Name</th>
          <th scope="col" className="wide-only">
            Tags
          </th>
          <th scope="col" className="wide-only">
            Type
          </th>
          <th scope="col" className="number">
            Size
          </th>
          <th scope="col" className="wide-only">
            Added
          </th>
          <th scope="col">Status</th>
        </tr>
      </thead>
      <tbody>
        {uploads.map((upload) => (
          <tr key={upload.id} data-selected={selection.ids.has(upload.id)}>
            <td>
              <SelectBox upload={upload} selection={selection} />
            </td>
            <th scope="row">
              <button type="button" className="row-open" onClick={() => onOpen(upload.id)}>
                <Preview upload={upload} />
                <span className="row-name">
                  <Name>{upload.filename}</Name>
                </span>
              </button>
            </th>
            <td className="wide-only tags">
              {upload.tags.map((tag) => (
                <span key={tag} className="tag">
                  <Name>{tag}</Name>
                </span>
              ))}
            </td>
            <td className="wide-only">{typeName(upload)}</td>
            <td className="number">
              {formatBytes(upload.size)}
              <Extent upload={upload} />
            </td>
            <td className="wide-only">
              <time dateTime={upload.createdAt} title={formatMoment(upload.createdAt)}>
                {formatAgo(upload.createdAt)}
              </time>
            </td>
            <td>
              <StatusBadge upload={upload} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The duration, the number of pages or the dimensions, below the size in bytes. */
function Extent({ upload }: { readonly upload: UploadFieldsFragment }) {
  const headline = headlineOf(upload);
  if (headline === undefined) {
    return <span className="extent wide-only">{dimensionsOf(upload.media)}</span>;
  }
  return (
    <span className="extent">
      <span aria-hidden="true">{headline.text}</span>
      <span className="visually-hidden">{headline.spoken}</span>
    </span>
  );
}

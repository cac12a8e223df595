import { Fragment } from "react";
import { uploadRef } from "../api/uploadFields.ts";
import { useFields } from "../api/useFields.ts";
import { formatBytes } from "../format/bytes.ts";
import { formatAgo, formatMoment } from "../format/dates.ts";
import { visibleName } from "../format/names.ts";
import type { UploadTable_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { MiddleName } from "../ui/MiddleName.tsx";
import { Name } from "../ui/Name.tsx";
import { typeName } from "./kind.ts";
import { dimensionsOf, headlineOf } from "./headlines.ts";
import type { ShownFile } from "./Files.tsx";
import { Preview } from "./Preview.tsx";
import { StatusBadge } from "./StatusBadge.tsx";
import { TableHead } from "./TableHead.tsx";
import { OpenButton, SelectBox, type ViewProps } from "./UploadGrid.tsx";
import { t } from "../messages/t.ts";

const rowFields = graphql(`
  fragment UploadTable_upload on Upload {
    id
    filename
    contentType
    tags
    size
    createdAt
    ...headlines_upload @unmask
    ...Preview_upload @unmask
    ...StatusBadge_upload @unmask
  }
`);

/** A table whose rows have one height. The rows that are out of view leave their space. */
export function UploadTable(props: ViewProps) {
  const { list, files, rowPx, heightPx, press } = props;
  return (
    // The focus is on the files.
    <table
      className="table"
      // eslint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role
      role="grid"
      aria-label={t("library.filesLabel")}
      aria-rowcount={list.totalCount + 1}
      aria-multiselectable="true"
      onKeyDown={press}
    >
      <TableHead {...props} />
      <tbody>
        {files.map((file, index) => (
          <Fragment key={file.id}>
            <Space height={file.row.start - endOf(files[index - 1], rowPx)} />
            <FileRow file={file} {...props} />
          </Fragment>
        ))}
        <Space height={heightPx - endOf(files.at(-1), rowPx)} />
      </tbody>
    </table>
  );
}

function endOf(file: ShownFile | undefined, rowPx: number): number {
  return file === undefined ? 0 : file.row.start + rowPx;
}

function Space({ height }: { readonly height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" className="space">
      <td style={{ height }} />
    </tr>
  );
}

function FileRow({ file, ...props }: ViewProps & { readonly file: ShownFile }) {
  const { selection, openId, rowPx } = props;
  const upload = useFields(rowFields, uploadRef(file.id));
  if (upload === undefined) return null;
  const name = visibleName(upload.filename);
  const selected = selection.ids.has(upload.id);
  return (
    <tr
      aria-rowindex={file.place + 2}
      aria-selected={selected}
      data-selected={selected}
      data-open={upload.id === openId}
      style={{ height: rowPx }}
    >
      <td>
        <SelectBox id={upload.id} name={name} selection={selection} />
      </td>
      <th scope="row">
        <OpenButton file={file} className="row-open" label={name} {...props}>
          <Preview upload={upload} />
          <span className="row-name" title={name}>
            <MiddleName>{upload.filename}</MiddleName>
          </span>
        </OpenButton>
      </th>
      <td className="wide-only tags">
        <span className="tag-line">
          {upload.tags.map((tag) => (
            <span key={tag} className="tag">
              <Name>{tag}</Name>
            </span>
          ))}
        </span>
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
  );
}

/** The duration, the number of pages or the dimensions, below the size in bytes. */
function Extent({ upload }: { readonly upload: UploadTable_uploadFragment }) {
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

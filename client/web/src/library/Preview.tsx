import type { Preview_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { Icon } from "../ui/Icon.tsx";
import { headlineOf } from "./headlines.ts";
import { KIND_ICONS, kindOf, toneOf, typeName } from "./kind.ts";
import { Picture } from "./Picture.tsx";
import "./preview.css";

/** The fields of a preview. A row reads them with its own (`@unmask`), so that it has one watcher. */
export const previewFields = graphql(`
  fragment Preview_upload on Upload {
    id
    filename
    contentType
    ...headlines_upload @unmask
    ...Picture_upload @unmask
  }
`);

interface PreviewProps {
  readonly upload: Omit<Preview_uploadFragment, " $fragmentName">;
}

/** Shows the thumbnail of an upload, or the icon of its type if there is none. */
export function Preview({ upload }: PreviewProps) {
  const kind = kindOf(upload.contentType);
  const headline = headlineOf(upload);
  return (
    <span className={`preview ${kind}`} data-tone={toneOf(upload.contentType)}>
      <Picture upload={upload} rendition={upload.thumbnail} alt="">
        <Icon name={KIND_ICONS[kind]} size={36} />
        <span className="preview-type" data-type={typeName(upload)} />
      </Picture>
      {headline !== undefined && (
        <span
          className={upload.thumbnail === null ? "preview-fact" : "preview-fact over"}
          data-fact={headline.text}
        >
          {kind === "video" && upload.thumbnail !== null && <Icon name="play" size={12} />}
        </span>
      )}
    </span>
  );
}

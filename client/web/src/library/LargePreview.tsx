import { useState } from "react";
import { visibleName } from "../format/names.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { Icon } from "../ui/Icon.tsx";
import { KIND_ICONS, kindOf, typeName } from "./kind.ts";

/** Shows the image, video or audio itself; an icon for other types. */
export function LargePreview({ upload }: { readonly upload: UploadFieldsFragment }) {
  const [broken, setBroken] = useState(false);
  const kind = kindOf(upload.contentType);
  const name = visibleName(upload.filename);
  const url = upload.download?.url;
  if (url !== undefined && !broken) {
    switch (kind) {
      case "image":
        return (
          <a className="preview large" href={url} target="_blank" rel="noreferrer">
            <img src={url} alt={name} onError={() => setBroken(true)} />
          </a>
        );
      case "video":
        return (
          <div className="preview large">
            {/* Uploads have no captions. */}
            {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
            <video
              src={url}
              controls
              preload="metadata"
              aria-label={name}
              onError={() => setBroken(true)}
            />
          </div>
        );
      case "audio":
        return (
          <div className="preview large sound">
            <Icon name="audio" size={40} />
            {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
            <audio
              src={url}
              controls
              preload="metadata"
              aria-label={name}
              onError={() => setBroken(true)}
            />
          </div>
        );
      case "file":
        break;
    }
  }
  return (
    <div className="preview large">
      <Icon name={KIND_ICONS[kind]} size={56} />
      <span className="preview-type" data-type={typeName(upload)} />
    </div>
  );
}

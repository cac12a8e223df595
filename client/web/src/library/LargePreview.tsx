import type { FragmentType } from "@apollo/client";
import { Link } from "react-router";
import { useFields } from "../api/useFields.ts";
import { visibleName } from "../format/names.ts";
import type { LargePreview_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { Icon } from "../ui/Icon.tsx";
import { viewerLink } from "../viewer/useViewer.ts";
import { KIND_ICONS, kindOf, typeName } from "./kind.ts";
import { Picture } from "./Picture.tsx";
import "./preview.css";
import { useSignedUrl } from "./useSignedUrl.ts";
import { t } from "../messages/t.ts";

const previewFields = graphql(`
  fragment LargePreview_upload on Upload {
    id
    filename
    contentType
    preview: rendition(name: PREVIEW) {
      url
      width
      height
      expiresAt
    }
    ...useSignedUrl_upload @unmask
    ...Picture_upload @unmask
  }
`);

interface LargePreviewProps {
  readonly upload: LargePreview_uploadFragment;
}

/** Shows the preview of an upload as a link to the viewer, or plays the file. */
export function LargePreview(props: {
  readonly upload: FragmentType<LargePreview_uploadFragment>;
}) {
  const upload = useFields(previewFields, props.upload);
  if (upload === undefined) return null;
  switch (kindOf(upload.contentType)) {
    case "video":
      return <Player upload={upload} />;
    case "audio":
      return <SoundPlayer upload={upload} />;
    case "image":
      return <Opener upload={upload} />;
    case "file":
      return upload.preview === null ? <TypePreview upload={upload} /> : <Opener upload={upload} />;
  }
}

/** The preview as a link to the viewer; without a preview, the image itself. */
function Opener({ upload }: LargePreviewProps) {
  const name = visibleName(upload.filename);
  const { url, onError } = useSignedUrl(upload.id, upload.download);
  if (upload.download === null) return <TypePreview upload={upload} />;
  return (
    <Link className="preview large" {...viewerLink(upload.id)}>
      <Picture upload={upload} rendition={upload.preview} alt={name}>
        {url === undefined ? (
          <>
            <TypeIcon upload={upload} />
            <span className="visually-hidden">{t("details.viewOf", { name })}</span>
          </>
        ) : (
          <img src={url} alt={name} onError={onError} />
        )}
      </Picture>
    </Link>
  );
}

/** Plays the video. The poster is the preview, so the video itself is loaded when it is played. */
function Player({ upload }: LargePreviewProps) {
  const { url, onError } = useSignedUrl(upload.id, upload.download);
  if (url === undefined) return <TypePreview upload={upload} />;
  return (
    <div className="preview large">
      {/* Uploads have no captions. */}
      {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
      <video
        src={url}
        poster={upload.preview?.url}
        controls
        preload={upload.preview === null ? "metadata" : "none"}
        aria-label={visibleName(upload.filename)}
        onError={onError}
      />
    </div>
  );
}

/** Plays the audio below its cover. */
function SoundPlayer({ upload }: LargePreviewProps) {
  const { url, onError } = useSignedUrl(upload.id, upload.download);
  if (url === undefined) return <TypePreview upload={upload} />;
  return (
    <div className="preview large sound">
      <Picture upload={upload} rendition={upload.preview} alt="">
        <Icon name="audio" size={40} />
      </Picture>
      {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
      <audio
        src={url}
        controls
        preload="metadata"
        aria-label={visibleName(upload.filename)}
        onError={onError}
      />
    </div>
  );
}

/** The preview of a file that can't be opened here. */
function TypePreview({ upload }: LargePreviewProps) {
  return (
    <div className="preview large">
      <Picture upload={upload} rendition={upload.preview} alt={visibleName(upload.filename)}>
        <TypeIcon upload={upload} />
      </Picture>
    </div>
  );
}

function TypeIcon({ upload }: LargePreviewProps) {
  return (
    <>
      <Icon name={KIND_ICONS[kindOf(upload.contentType)]} size={56} />
      <span className="preview-type" data-type={typeName(upload)} />
    </>
  );
}

import type { FragmentType } from "@apollo/client";
import { useFields } from "../api/useFields.ts";
import { visibleName } from "../format/names.ts";
import type { PlayerStage_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { Picture } from "../library/Picture.tsx";
import { useSignedUrl } from "../library/useSignedUrl.ts";
import { Icon } from "../ui/Icon.tsx";
import { OtherStage } from "./OtherStage.tsx";
import { t } from "../messages/t.ts";

const stageFields = graphql(`
  fragment PlayerStage_upload on Upload {
    id
    filename
    preview: rendition(name: PREVIEW) {
      url
      width
      height
      expiresAt
    }
    ...useSignedUrl_upload @unmask
    ...Picture_upload @unmask
    ...OtherStage_upload
  }
`);

interface PlayerStageProps {
  readonly upload: FragmentType<PlayerStage_uploadFragment>;
  readonly kind: "video" | "audio";
}

/** Plays a video or audio file. The browser loads the parts that it needs, also when seeking. */
export function PlayerStage({ kind, ...props }: PlayerStageProps) {
  const upload = useFields(stageFields, props.upload);
  const { url, onError } = useSignedUrl(upload?.id ?? "", upload?.download);
  if (upload === undefined) return null;
  const label = visibleName(upload.filename);
  if (url === undefined) {
    return <OtherStage upload={upload} reason={t("viewer.noPlayer")} />;
  }
  if (kind === "video") {
    return (
      // Uploads have no captions.
      // eslint-disable-next-line jsx-a11y/media-has-caption
      <video
        className="viewer-video"
        src={url}
        poster={upload.preview?.url}
        controls
        playsInline
        preload="metadata"
        aria-label={label}
        onError={onError}
      />
    );
  }
  return (
    <div className="viewer-sound">
      <Picture upload={upload} rendition={upload.preview} alt="">
        <Icon name="audio" size={72} />
      </Picture>
      {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
      <audio src={url} controls preload="metadata" aria-label={label} onError={onError} />
    </div>
  );
}

import type { FragmentType } from "@apollo/client";
import { useRef, useState, type CSSProperties } from "react";
import { useFields } from "../api/useFields.ts";
import { visibleName } from "../format/names.ts";
import { formatPercent } from "../format/units.ts";
import type { ImageStage_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { useSignedUrl } from "../library/useSignedUrl.ts";
import { Icon } from "../ui/Icon.tsx";
import { OtherStage } from "./OtherStage.tsx";
import { useZoom } from "./useZoom.ts";
import type { Size } from "./zoom.ts";
import { t } from "../messages/t.ts";

const stageFields = graphql(`
  fragment ImageStage_upload on Upload {
    id
    filename
    contentType
    media {
      width
      height
    }
    thumbnail: rendition(name: THUMBNAIL) {
      url
    }
    preview: rendition(name: PREVIEW) {
      url
      width
      height
      expiresAt
    }
    ...useSignedUrl_upload @unmask
    ...OtherStage_upload
  }
`);

/** The types that all browsers display. */
const DISPLAYED = /^image\/(jpeg|png|gif|webp|avif|bmp|svg\+xml|apng|x-icon|vnd\.microsoft\.icon)$/;

interface ImageStageProps {
  readonly upload: FragmentType<ImageStage_uploadFragment>;
}

/** Shows a picture, which the user can zoom and move. */
export function ImageStage(props: ImageStageProps) {
  const upload = useFields(stageFields, props.upload);
  return upload && <ZoomedImage upload={upload} />;
}

/** Shows the preview of a picture, and the picture itself as soon as the user zooms in. */
function ZoomedImage({ upload }: { readonly upload: ImageStage_uploadFragment }) {
  const { media, preview, thumbnail, contentType } = upload;
  const [natural, setNatural] = useState<Size>();
  const small = useSignedUrl(upload.id, preview);
  const original = useSignedUrl(upload.id, upload.download);
  const size = sizeOf(media) ?? natural;
  const stage = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const { placement, handlers, ...zoom } = useZoom({ stage, picture, originalWidth: size?.width });
  const [wanted, setWanted] = useState(false);
  const zoomed = placement.scale > 1;
  if (zoomed && !wanted) setWanted(true); // Once it is loaded, it stays.

  const displayed = DISPLAYED.test(contentType) && original.url !== undefined;
  if (small.url === undefined && !displayed) {
    return <OtherStage upload={upload} reason={t("viewer.noImage")} />;
  }
  const better = preview === null || isLarger(size, preview);
  const showsOriginal =
    displayed && (small.url === undefined || (better && wanted) || isMoving(contentType));
  const alt = visibleName(upload.filename);
  const { scale, x, y } = placement;
  return (
    <>
      <div ref={stage} className={`viewer-image${zoomed ? " zoomed" : ""}`} {...handlers}>
        <div
          ref={picture}
          className="viewer-picture"
          style={{
            ...boxOf(size ?? preview, contentType),
            transform: `translate(${x}px, ${y}px) scale(${scale})`,
          }}
        >
          {thumbnail !== null && preview !== null && (
            <img src={thumbnail.url} alt="" draggable={false} />
          )}
          {small.url !== undefined && (
            <img
              src={small.url}
              alt={showsOriginal ? "" : alt}
              draggable={false}
              onLoad={small.onLoad}
              onError={small.onError}
            />
          )}
          {showsOriginal && (
            <img
              src={original.url}
              alt={alt}
              draggable={false}
              onLoad={({ currentTarget }) => {
                original.onLoad();
                setNatural({
                  width: currentTarget.naturalWidth,
                  height: currentTarget.naturalHeight,
                });
              }}
              onError={original.onError}
            />
          )}
        </div>
      </div>
      <ZoomControls scale={scale} {...zoom} />
    </>
  );
}

interface ZoomControlsProps {
  readonly scale: number;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly reset: () => void;
}

function ZoomControls({ scale, zoomIn, zoomOut, reset }: ZoomControlsProps) {
  return (
    <div className="viewer-zoom" role="group" aria-label={t("viewer.zoom")}>
      <ZoomButton label={t("viewer.zoomOut")} keys="-" icon="minus" onClick={zoomOut} />
      <button
        type="button"
        className="viewer-percent"
        title={t("viewer.zoomReset")}
        aria-keyshortcuts="0"
        onClick={reset}
      >
        <span className="visually-hidden">{t("viewer.zoomNow")}</span>
        {formatPercent(scale)}
      </button>
      <ZoomButton label={t("viewer.zoomIn")} keys="+" icon="plus" onClick={zoomIn} />
    </div>
  );
}

interface ZoomButtonProps {
  readonly label: string;
  readonly keys: string;
  readonly icon: "plus" | "minus";
  readonly onClick: () => void;
}

function ZoomButton({ label, keys, icon, onClick }: ZoomButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={t("viewer.withKey", { action: label, key: keys })}
      aria-keyshortcuts={keys}
      onClick={onClick}
    >
      <Icon name={icon} size={18} />
    </button>
  );
}

function sizeOf(media: ImageStage_uploadFragment["media"]): Size | undefined {
  if (media?.width == null || media.height == null) return undefined;
  return { width: media.width, height: media.height };
}

function isLarger(size: Size | undefined, preview: Size): boolean {
  return size !== undefined && size.width > preview.width;
}

/** Previews show the first picture of an animation only. */
function isMoving(contentType: string): boolean {
  return contentType === "image/gif" || contentType === "image/apng";
}

/** The box fills the stage, but no picture is enlarged, except drawings. */
function boxOf(size: Size | null | undefined, contentType: string): CSSProperties {
  if (size == null || size.width === 0 || size.height === 0) return {};
  const scalable = contentType === "image/svg+xml";
  return {
    "--ratio": size.width / size.height,
    "--most": scalable ? "100vw" : `${size.width}px`,
  } as CSSProperties;
}

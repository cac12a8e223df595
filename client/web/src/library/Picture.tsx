import { useMemo, useState, type ReactNode } from "react";
import type { Picture_uploadFragment, headlines_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { placeholderUrl } from "./placeholder.ts";
import { useSignedUrl } from "./useSignedUrl.ts";

export const pictureFields = graphql(`
  fragment Picture_upload on Upload {
    id
    media {
      thumbhash
    }
  }
`);

interface PictureProps {
  readonly upload: Pick<Picture_uploadFragment, "id" | "media">;
  readonly rendition: headlines_uploadFragment["thumbnail"];
  readonly alt: string;
  /** Shown if there is no rendition, or if it can't be loaded. */
  readonly children: ReactNode;
}

/** Shows a rendition of an upload, and its thumbhash until it has loaded; in previews, it fades in. */
export function Picture({ upload, rendition, alt, children }: PictureProps) {
  const { url, onLoad, onError } = useSignedUrl(upload.id, rendition);
  const [loadedUrl, setLoadedUrl] = useState<string>();
  const thumbhash = upload.media?.thumbhash;
  const placeholder = useMemo(
    () => (thumbhash == null ? undefined : placeholderUrl(thumbhash)),
    [thumbhash],
  );
  if (url === undefined || rendition == null) return children;
  // Transparent pictures would show the placeholder behind them.
  const waiting = placeholder !== undefined && loadedUrl !== url;
  return (
    <>
      <img
        src={url}
        width={rendition.width}
        height={rendition.height}
        alt={alt}
        loading="lazy"
        decoding="async"
        style={waiting ? { backgroundImage: `url("${placeholder}")` } : undefined}
        onLoad={() => {
          setLoadedUrl(url);
          onLoad();
        }}
        onError={onError}
      />
      {placeholder !== undefined && (
        <span
          className={waiting ? "thumbhash" : "thumbhash loaded"}
          style={{ backgroundImage: `url("${placeholder}")` }}
        />
      )}
    </>
  );
}

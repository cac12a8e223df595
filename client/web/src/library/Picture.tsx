import type { FragmentType } from "@apollo/client";
import { useMemo, useState, type ReactNode } from "react";
import { useFields } from "../api/useFields.ts";
import type { Picture_uploadFragment, headlines_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { placeholderUrl } from "./placeholder.ts";
import { useSignedUrl } from "./useSignedUrl.ts";

const pictureFields = graphql(`
  fragment Picture_upload on Upload {
    id
    media {
      thumbhash
    }
  }
`);

interface PictureProps {
  readonly id: string;
  readonly upload: FragmentType<Picture_uploadFragment>;
  readonly rendition: headlines_uploadFragment["thumbnail"];
  readonly alt: string;
  /** Shown if there is no rendition, or if it can't be loaded. */
  readonly children: ReactNode;
}

/** Shows a rendition of an upload, and its thumbhash until it has loaded; in previews, it fades in. */
export function Picture({ id, upload, rendition, alt, children }: PictureProps) {
  const { url, onLoad, onError } = useSignedUrl(id, rendition);
  const [loadedUrl, setLoadedUrl] = useState<string>();
  const thumbhash = useFields(pictureFields, upload)?.media?.thumbhash;
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

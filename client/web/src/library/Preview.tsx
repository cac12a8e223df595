import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { Icon } from "../ui/Icon.tsx";
import { KIND_ICONS, kindOf, typeName } from "./kind.ts";
import { uploadQuery } from "./uploadQuery.ts";
import { useNear } from "./useNear.ts";

/** There are no thumbnails, so larger images are not loaded into the list. */
const IMAGE_MAX_BYTES = 25_000_000;

interface PreviewProps {
  readonly upload: UploadFieldsFragment;
}

/** Shows a small preview of an upload, or the icon of its type if there is none. */
export function Preview({ upload }: PreviewProps) {
  const [box, near] = useNear<HTMLSpanElement>();
  const client = useApolloClient();
  const [brokenUrl, setBrokenUrl] = useState<string>();
  const kind = kindOf(upload.contentType);
  const url = upload.download?.url;

  function broken() {
    setBrokenUrl(url);
    // If the URL has expired, fetch a new one into the cache: the preview is then loaded again.
    if (Date.parse(upload.download?.expiresAt ?? "") < Date.now()) {
      client
        .query({ query: uploadQuery, variables: { id: upload.id }, fetchPolicy: "network-only" })
        .catch(() => undefined);
    }
  }

  const shows = near && url !== undefined && url !== brokenUrl;
  return (
    <span ref={box} className={`preview ${kind}`}>
      {shows && kind === "image" && upload.size <= IMAGE_MAX_BYTES ? (
        <img src={url} alt="" loading="lazy" decoding="async" onError={broken} />
      ) : shows && kind === "video" ? (
        <>
          <video
            src={`${url}#t=0.1`}
            preload="metadata"
            muted
            playsInline
            tabIndex={-1}
            onError={broken}
          />
          <span className="preview-play">
            <Icon name="play" size={16} />
          </span>
        </>
      ) : (
        <>
          <Icon name={KIND_ICONS[kind]} size={36} />
          <span className="preview-type" data-type={typeName(upload)} />
        </>
      )}
    </span>
  );
}

import { useQuery } from "@apollo/client/react";
import { useEffect, useRef } from "react";
import { uploadQuery } from "../library/uploadQuery.ts";
import { useRefetch } from "../library/useRefetch.ts";
import type { useViewed_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";

/** What tells whether the cache's copy of a file can be shown. */
export const viewedFields = graphql(`
  fragment useViewed_upload on Upload {
    id
    status
    processing
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
  }
`);

/** The cached URLs of a file that is about to be shown must work at least this long. */
const MARGIN_MS = 60_000;

/** Load a file; from the cache if it was preloaded. */
export function useViewed(id: string) {
  const { data, error, refetch } = useQuery(uploadQuery, {
    variables: { id },
    fetchPolicy: "cache-first",
  });
  const upload = data?.upload;
  const asked = useRef<string>(undefined);
  const state = upload == null ? undefined : `${upload.id} ${upload.status} ${upload.processing}`;
  const outdated = upload != null && isOutdated(upload);
  useRefetch(upload, refetch);
  useEffect(() => {
    // Once per file and state: if the service has nothing better, asking again won't help.
    if (!outdated || asked.current === state) return;
    asked.current = state;
    refetch().catch(() => undefined);
  }, [outdated, state, refetch]);
  return { upload, error, refetch };
}

/** Whether URLs have expired, or the file was stored or processed after they were requested. */
function isOutdated({
  status,
  processing,
  download,
  thumbnail,
  preview,
}: useViewed_uploadFragment): boolean {
  if (status === "STORED" && download === null) return true;
  if (processing === "DONE" && thumbnail !== null && preview === null) return true;
  return [download, preview].some(
    (file) => file !== null && Date.parse(file.expiresAt) - MARGIN_MS < Date.now(),
  );
}

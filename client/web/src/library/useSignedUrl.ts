import type { ApolloClient } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { graphql } from "../graphql/index.ts";

/** The file itself. Videos are played and pictures are zoomed for as long as an hour. */
export const downloadFields = graphql(`
  fragment useSignedUrl_upload on Upload {
    id
    download(disposition: INLINE, expiresInSeconds: 3600) {
      url
      expiresAt
    }
  }
`);

interface SignedFile {
  readonly url: string;
  readonly expiresAt: string;
}

interface WorkingUrl {
  /** Undefined if there is no file, or if its URL has failed. */
  readonly url: string | undefined;
  readonly onLoad: () => void;
  readonly onError: () => void;
}

/**
 * Return the file's signed URL, and the handlers of the element that loads it. If the URL fails
 * after it has expired, a new one is fetched into the cache, once until a URL has worked again.
 */
export function useSignedUrl(uploadId: string, file: SignedFile | null | undefined): WorkingUrl {
  const client = useApolloClient();
  const [failedUrl, setFailedUrl] = useState<string>();
  const [renewed, setRenewed] = useState(false);
  const url = file?.url;

  function onError() {
    setFailedUrl(url);
    if (file == null || renewed || Date.parse(file.expiresAt) > Date.now()) return;
    setRenewed(true);
    void renew(client, uploadId).catch(() => undefined);
  }
  return {
    url: url === failedUrl ? undefined : url,
    onLoad: () => setRenewed(false),
    onError,
  };
}

/** Loads the query first: on most pages, no URL expires. */
async function renew(client: ApolloClient, id: string): Promise<void> {
  const { uploadQuery } = await import("./uploadQuery.ts");
  await client.query({ query: uploadQuery, variables: { id }, fetchPolicy: "network-only" });
}

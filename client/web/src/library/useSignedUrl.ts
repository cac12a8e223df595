import { useApolloClient } from "@apollo/client/react";
import { useState } from "react";
import { uploadQuery } from "./uploadQuery.ts";

interface SignedFile {
  readonly url: string;
  readonly expiresAt: string;
}

/**
 * Return the file's signed URL, and the function to call when it fails to load: the URL is then
 * undefined. If it has expired, a new one is fetched into the cache, once.
 */
export function useSignedUrl(
  uploadId: string,
  file: SignedFile | null | undefined,
): [url: string | undefined, onFailure: () => void] {
  const client = useApolloClient();
  const [failedUrl, setFailedUrl] = useState<string>();

  function onFailure() {
    if (file == null || file.url === failedUrl) return;
    setFailedUrl(file.url);
    if (Date.parse(file.expiresAt) > Date.now()) return;
    client
      .query({ query: uploadQuery, variables: { id: uploadId }, fetchPolicy: "network-only" })
      .catch(() => undefined);
  }
  const url = file?.url;
  return [url === failedUrl ? undefined : url, onFailure];
}

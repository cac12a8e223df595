import type { UploadLimitsQuery } from "../graphql/graphql.ts";

type Limits = UploadLimitsQuery["uploadLimits"];

/** Convert the service's limits to Uppy's, so that Uppy rejects a file as soon as it is chosen. */
export function restrictions({ maxUploadBytes, contentTypes }: Limits) {
  return {
    maxFileSize: maxUploadBytes,
    allowedFileTypes: contentTypes.includes("*/*") ? null : [...contentTypes],
  };
}

import type { UploadLimitsQuery } from "../graphql/graphql.ts";

type Limits = UploadLimitsQuery["uploadLimits"];

/** The service's limits as Uppy checks them, so that a wrong file is refused when it is chosen. */
export function restrictions({ maxUploadBytes, contentTypes }: Limits) {
  return {
    maxFileSize: maxUploadBytes,
    allowedFileTypes: contentTypes.includes("*/*") ? null : [...contentTypes],
  };
}

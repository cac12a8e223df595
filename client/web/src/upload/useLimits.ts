import { useQuery } from "@apollo/client/react";
import { graphql } from "../graphql/index.ts";
import type { UseLimitsQuery } from "../graphql/graphql.ts";

export type Limits = UseLimitsQuery["uploadLimits"];

const uploadLimits = graphql(`
  query UseLimits {
    uploadLimits {
      maxUploadBytes
      contentTypes
      trashTtlSeconds
    }
  }
`);

/** Return the service's limits, fetched once per page; undefined until they are known. */
export function useLimits(): Limits | undefined {
  return useQuery(uploadLimits, { fetchPolicy: "cache-first" }).data?.uploadLimits;
}

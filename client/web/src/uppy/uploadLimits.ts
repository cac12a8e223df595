import { graphql } from "../graphql/index.ts";

export const uploadLimits = graphql(`
  query UploadLimits {
    uploadLimits {
      maxUploadBytes
      contentTypes
      pendingTtlSeconds
    }
  }
`);

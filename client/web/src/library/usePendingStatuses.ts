import { skipToken, useQuery } from "@apollo/client/react";
import { graphql } from "../graphql/index.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";

const POLL_MS = 4000;

const pendingStatuses = graphql(`
  query PendingStatuses($since: DateTime!) {
    uploads(
      first: 50
      filter: { createdAfter: $since }
      orderBy: { field: CREATED_AT, direction: ASC }
    ) {
      nodes {
        ...UploadFields
      }
    }
  }
`);

/**
 * Keep the list true while uploads are on their way, also those of other devices: ask again for
 * what was requested since the oldest of them. The cache brings the answers into the list.
 */
export function usePendingStatuses(uploads: readonly UploadFieldsFragment[]): void {
  const since = uploads
    .filter(({ status }) => status === "PENDING")
    .reduce<string | undefined>(
      (oldest, { createdAt }) => (oldest === undefined || createdAt < oldest ? createdAt : oldest),
      undefined,
    );
  useQuery(
    pendingStatuses,
    since === undefined
      ? skipToken
      : {
          variables: { since },
          fetchPolicy: "network-only",
          pollInterval: POLL_MS,
          skipPollAttempt: () => document.hidden || !navigator.onLine,
        },
  );
}

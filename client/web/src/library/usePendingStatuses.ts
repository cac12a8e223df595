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
 * Poll the status of pending uploads, including those of other devices. Each poll fetches the
 * uploads requested since the oldest pending one; the cache updates the list.
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

import type { ApolloClient } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { attempt, failure, invalidInput, type Failure } from "../accounts/failure.ts";
import { unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { t } from "../messages/t.ts";

const updateUpload = graphql(`
  mutation UseUpdateUpload($input: UpdateUploadInput!) {
    updateUpload(input: $input) {
      ... on Upload {
        id
        filename
        tags
      }
      ... on InvalidInput {
        fields {
          path
          message
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

interface Named {
  readonly id: string;
  readonly filename: string;
  readonly tags: readonly string[];
}

interface Change {
  readonly filename?: string;
  readonly tags?: readonly string[];
}

/** Return `saveUpload` for the page's client. */
export function useUpdateUpload() {
  const client = useApolloClient();
  return (upload: Named, change: Change) => saveUpload(client, upload, change);
}

/**
 * Rename an upload or change its tags; resolves to a Failure if that fails. The page shows the
 * change at once, and takes it back after a failure.
 */
export function saveUpload(
  client: ApolloClient,
  upload: Named,
  { filename, tags }: Change,
): Promise<Failure | undefined> {
  return attempt(async () => {
    const changed = {
      ...(filename !== undefined && { filename }),
      ...(tags !== undefined && { tags: [...tags] }),
    };
    const shown = { id: upload.id, filename: upload.filename, tags: [...upload.tags], ...changed };
    const { data } = await client.mutate({
      mutation: updateUpload,
      variables: { input: { id: upload.id, ...changed } },
      optimisticResponse: { updateUpload: { __typename: "Upload", ...shown } },
    });
    const result = data?.updateUpload;
    switch (result?.__typename) {
      case "Upload":
        return undefined;
      case "InvalidInput":
        return invalidInput(result);
      case "UploadNotFound":
        return failure(t("details.uploadDeleted"));
      default:
        return failure(unknownMember(result));
    }
  });
}

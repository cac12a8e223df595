import { useMutation } from "@apollo/client/react";
import { attempt, failure, invalidInput, type Failure } from "../accounts/failure.ts";
import { unknownMember } from "../api/errors.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { t } from "../messages/t.ts";

const updateUpload = graphql(`
  mutation UpdateUpload($input: UpdateUploadInput!) {
    updateUpload(input: $input) {
      ... on Upload {
        ...UploadFields
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

interface Change {
  readonly filename?: string;
  readonly tags?: readonly string[];
}

/**
 * Rename an upload or change its tags; resolves to a Failure if that fails. The page shows the
 * change at once.
 */
export function useUpdateUpload(): (
  upload: UploadFieldsFragment,
  change: Change,
) => Promise<Failure | undefined> {
  const [mutate] = useMutation(updateUpload);
  return (upload, { filename, tags }) =>
    attempt(async () => {
      const changed = {
        ...(filename !== undefined && { filename }),
        ...(tags !== undefined && { tags: [...tags] }),
      };
      const { data } = await mutate({
        variables: { input: { id: upload.id, ...changed } },
        optimisticResponse: { updateUpload: { ...upload, ...changed } },
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

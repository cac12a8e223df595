import { unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { NOT_CACHED, type Request, type Result } from "./requests.ts";
import { t } from "../messages/t.ts";

const restoreUploads = graphql(`
  mutation RestoreUploads($ids: [ID!]!) {
    restoreUploads(ids: $ids) {
      ... on Upload {
        ...uploadFields_upload @unmask
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

export const requestRestore: Request = async (client, ids) => {
  const variables = { ids: [...ids] };
  const { data } = await client.mutate({
    mutation: restoreUploads,
    variables,
    fetchPolicy: NOT_CACHED,
  });
  return (data?.restoreUploads ?? []).map((result): Result => {
    switch (result.__typename) {
      case "Upload":
        return { now: result };
      case "UploadNotFound":
        return { now: "gone", problem: t("trash.cannotRestore") };
      default:
        return { problem: unknownMember(result) };
    }
  });
};

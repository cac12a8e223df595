import { unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { NOT_CACHED, type Request, type Result } from "./requests.ts";
import { t } from "../messages/t.ts";

const trashUploads = graphql(`
  mutation TrashUploads($ids: [ID!]!) {
    trashUploads(ids: $ids) {
      ... on Upload {
        ...uploadFields_upload @unmask
      }
      ... on UploadClosed {
        status
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

export const requestTrash: Request = async (client, ids) => {
  const variables = { ids: [...ids] };
  const { data } = await client.mutate({
    mutation: trashUploads,
    variables,
    fetchPolicy: NOT_CACHED,
  });
  return (data?.trashUploads ?? []).map((result): Result => {
    switch (result.__typename) {
      case "Upload":
        return { now: result };
      case "UploadNotFound": // It was already deleted elsewhere.
        return { now: "gone" };
      case "UploadClosed":
        return { problem: t("trash.onlyStored") };
      default:
        return { problem: unknownMember(result) };
    }
  });
};

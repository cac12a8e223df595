import { unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { NOT_CACHED, type Request, type Result } from "./requests.ts";

const deleteUploads = graphql(`
  mutation DeleteUploads($ids: [ID!]!) {
    deleteUploads(ids: $ids) {
      ... on UploadDeleted {
        id
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

export const requestDeletion: Request = async (client, ids) => {
  const variables = { ids: [...ids] };
  const { data } = await client.mutate({
    mutation: deleteUploads,
    variables,
    fetchPolicy: NOT_CACHED,
  });
  return (data?.deleteUploads ?? []).map((result): Result => {
    switch (result.__typename) {
      case "UploadDeleted":
      case "UploadNotFound": // It was already deleted elsewhere.
        return { now: "gone" };
      default:
        return { problem: unknownMember(result) };
    }
  });
};

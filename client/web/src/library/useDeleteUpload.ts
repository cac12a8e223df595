import { useMutation } from "@apollo/client/react";
import { sentence, unknownMember } from "../api/errors.ts";
import { unlistUpload } from "../api/lists.ts";
import { graphql } from "../graphql/index.ts";

const deleteUpload = graphql(`
  mutation DeleteUpload($id: ID!) {
    deleteUpload(id: $id) {
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

/**
 * Delete an upload; resolves to an error message if that fails. Lists remove the upload at once,
 * and restore it after a failure.
 */
export function useDeleteUpload(): (id: string) => Promise<string | undefined> {
  const [mutate] = useMutation(deleteUpload, { refetchQueries: ["Usage"] });
  return async (id) => {
    try {
      const { data } = await mutate({
        variables: { id },
        optimisticResponse: { deleteUpload: { __typename: "UploadDeleted", id } },
        update: (cache, { data }) => {
          const typename = data?.deleteUpload.__typename;
          if (typename !== "UploadDeleted" && typename !== "UploadNotFound") return;
          unlistUpload(cache, id);
        },
      });
      const result = data?.deleteUpload;
      switch (result?.__typename) {
        case "UploadDeleted":
        case "UploadNotFound": // It was already deleted elsewhere.
          return undefined;
        default:
          return unknownMember(result);
      }
    } catch (error) {
      return sentence(error);
    }
  };
}

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

/** Delete an upload; resolves with why not, if not. It leaves the lists at once. */
export function useDeleteUpload(): (id: string) => Promise<string | undefined> {
  const [mutate] = useMutation(deleteUpload, { refetchQueries: ["Usage"] });
  return async (id) => {
    try {
      const { data } = await mutate({
        variables: { id },
        optimisticResponse: { deleteUpload: { __typename: "UploadDeleted", id } },
        update: (cache, { data }) => {
          const gone = data?.deleteUpload.__typename;
          if (gone !== "UploadDeleted" && gone !== "UploadNotFound") return;
          unlistUpload(cache, id);
        },
      });
      const result = data?.deleteUpload;
      switch (result?.__typename) {
        case "UploadDeleted":
        case "UploadNotFound": // Somebody was faster; it is gone all the same.
          return undefined;
        default:
          return unknownMember(result);
      }
    } catch (error) {
      return sentence(error);
    }
  };
}

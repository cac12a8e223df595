import { useMutation } from "@apollo/client/react";
import { cancelUpload } from "../api/cancelUpload.ts";
import { sentence, unknownMember } from "../api/errors.ts";

/** Give a pending upload up; resolves with why not, if not. */
export function useCancelUpload(): (id: string) => Promise<string | undefined> {
  const [mutate] = useMutation(cancelUpload, { refetchQueries: ["Usage"] });
  return async (id) => {
    try {
      const { data } = await mutate({ variables: { id } });
      const result = data?.cancelUpload;
      switch (result?.__typename) {
        case "Upload":
          return undefined;
        case "UploadClosed":
          return result.status === "STORED"
            ? "It has just been stored. Delete it instead."
            : undefined;
        case "UploadNotFound":
          return "This upload has been deleted meanwhile.";
        default:
          return unknownMember(result);
      }
    } catch (error) {
      return sentence(error);
    }
  };
}

import { useApolloClient } from "@apollo/client/react";
import { cancelUpload } from "../api/cancelUpload.ts";
import { sentence, unknownMember } from "../api/errors.ts";
import { t } from "../messages/t.ts";

/** Cancel a pending upload; resolves to an error message if that fails. */
export function useCancelUpload(): (id: string) => Promise<string | undefined> {
  const client = useApolloClient();
  return async (id) => {
    try {
      const { data } = await client.mutate({
        mutation: cancelUpload,
        variables: { id },
        refetchQueries: ["UsageMeter"],
      });
      const result = data?.cancelUpload;
      switch (result?.__typename) {
        case "Upload":
          return undefined;
        case "UploadClosed":
          return result.status === "STORED" ? t("details.justCompleted") : undefined;
        case "UploadNotFound":
          return t("details.uploadDeleted");
        default:
          return unknownMember(result);
      }
    } catch (error) {
      return sentence(error);
    }
  };
}

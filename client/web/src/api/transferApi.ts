import type { ApolloClient } from "@apollo/client";
import { ServerError } from "@apollo/client/errors";
import { TransferError, type RequestResult, type TransferApi } from "../transfer/index.ts";
import type { RequestUploadsMutation } from "../graphql/graphql.ts";
import { formatBytes } from "../format/bytes.ts";
import { cancelUpload } from "./cancelUpload.ts";
import { completeUpload } from "./completeUpload.ts";
import { completeUploads } from "./completeUploads.ts";
import { errorCode, sentence, unknownMember } from "./errors.ts";
import { listUploadIn } from "./lists.ts";
import { receivedParts, signParts } from "./partQueries.ts";
import { requestUploads } from "./requestUploads.ts";

/** What the transfer engine asks of the service, by Apollo Client, so that the cache follows. */
export function createTransferApi(client: ApolloClient): TransferApi {
  return {
    requestUploads: (inputs, withParts) =>
      final(async () => {
        const { data } = await client.mutate({
          mutation: requestUploads,
          variables: { inputs: [...inputs], withParts },
          update: (cache, { data }) => {
            for (const result of data?.requestUploads ?? []) {
              if (result.__typename === "UploadTicket") listUploadIn(cache, result.upload);
            }
          },
        });
        return (data?.requestUploads ?? []).map(explained);
      }),
    signParts: (id, parts) =>
      final(async () => {
        const { data } = await client.query({
          query: signParts,
          variables: { id, parts: [...parts] },
          fetchPolicy: "no-cache",
        });
        return data?.upload?.transfer?.parts ?? [];
      }),
    received: (id) =>
      final(async () => {
        const { data } = await client.query({
          query: receivedParts,
          variables: { id },
          fetchPolicy: "no-cache",
        });
        return data?.upload;
      }),
    complete: (id) =>
      final(async () => {
        const { data } = await client.mutate({ mutation: completeUpload, variables: { id } });
        return data?.completeUpload;
      }),
    completeMany: (ids) => final(() => completeUploads(client, ids)),
    cancel: (id) => final(() => client.mutate({ mutation: cancelUpload, variables: { id } })),
  };
}

/** Whatever may go well when it is repeated is left as it is; the rest ends the transfer. */
async function final<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const code = errorCode(error);
    const passing =
      code === undefined
        ? !ServerError.is(error) || error.statusCode >= 500 || error.statusCode === 429
        : code === "RATE_LIMITED" || code === "INTERNAL";
    if (passing) throw error;
    throw new TransferError("service", sentence(error), { code, cause: error });
  }
}

type Result = RequestUploadsMutation["requestUploads"][number];

/** The result, its message in numbers that people read, and with what they can do. */
function explained(result: Result): RequestResult {
  switch (result.__typename) {
    case "UploadTicket":
      return result;
    case "FileTooLarge":
      return {
        ...result,
        message: `The file is too large: ${formatBytes(result.maxUploadBytes)} is the most.`,
      };
    case "QuotaExceeded":
      return {
        ...result,
        message:
          `There is no room for this file: ${formatBytes(result.availableBytes)} are left. ` +
          "Delete some files first.",
      };
    case "UnsupportedMediaType":
      return {
        ...result,
        message: `Files of this type are not accepted, only ${result.contentTypes.join(", ")}.`,
      };
    case "InvalidInput":
      return { ...result, message: result.fields[0]?.message ?? result.message };
    case "ClientTokenReused":
      return {
        ...result,
        message: "The file has changed since it was first chosen. Remove it and add it again.",
      };
    default:
      return { message: unknownMember(result) };
  }
}

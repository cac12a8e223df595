import type { ApolloClient } from "@apollo/client";
import { ServerError } from "@apollo/client/errors";
import { TransferError, type RequestResult, type TransferApi } from "../transfer/index.ts";
import type { RequestUploadsMutation } from "../graphql/graphql.ts";
import { formatBytes } from "../format/bytes.ts";
import { cancelUpload } from "./cancelUpload.ts";
import { completeUpload } from "./completeUpload.ts";
import { completeUploads } from "./completeUploads.ts";
import { errorCode, maxFiles, sentence, unknownMember } from "./errors.ts";
import { listUploadIn } from "./lists.ts";
import { receivedParts, signParts } from "./partQueries.ts";
import { requestUploads } from "./requestUploads.ts";

/** Implement the transfer engine's API with Apollo Client, which keeps the cache up to date. */
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
        return (data?.requestUploads ?? []).map((result, index) =>
          withReadableMessage(result, inputs[index]?.size ?? 0),
        );
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

/**
 * Turn errors that a retry can't fix into a TransferError, which ends the transfer. Rethrow
 * transient errors: the engine retries them.
 */
async function final<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const code = errorCode(error);
    const transient =
      code === undefined
        ? !ServerError.is(error) || error.statusCode >= 500 || error.statusCode === 429
        : code === "RATE_LIMITED" || code === "INTERNAL";
    if (transient) throw error;
    throw new TransferError("service", sentence(error), {
      ...{ code, cause: error },
      maxFiles: maxFiles(error),
    });
  }
}

type Result = RequestUploadsMutation["requestUploads"][number];

/** Replace the result's message with one that uses readable sizes and says what to do next. */
function withReadableMessage(result: Result, size: number): RequestResult {
  switch (result.__typename) {
    case "UploadTicket":
      return result;
    case "FileTooLarge":
      return {
        ...result,
        message: `This file is too large. The limit is ${formatBytes(result.maxUploadBytes)}.`,
      };
    case "QuotaExceeded":
      // Enough bytes are left, so the limit is the number of uploads, as the message says.
      if (result.availableBytes >= size) return result;
      return {
        ...result,
        message:
          `Not enough storage: ${formatBytes(result.availableBytes)} left. ` +
          "Delete some files, then try again.",
      };
    case "UnsupportedMediaType":
      return {
        ...result,
        message: `This file type isn't supported. Supported: ${result.contentTypes.join(", ")}.`,
      };
    case "InvalidInput":
      return { ...result, message: result.fields[0]?.message ?? result.message };
    case "ClientTokenReused":
      return {
        ...result,
        message: "This file has changed since you added it. Remove it and add it again.",
      };
    default:
      return { message: unknownMember(result) };
  }
}

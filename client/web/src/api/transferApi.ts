import type { ApolloClient } from "@apollo/client";
import { TransferError, type RequestResult, type TransferApi } from "media-upload";
import type { CompleteUploadsMutation, RequestUploadsMutation } from "../graphql/graphql.ts";
import { formatBytes } from "../format/bytes.ts";
import { formatList } from "../format/lists.ts";
import { cancelUpload } from "./cancelUpload.ts";
import { completeUploads, type SettledFields } from "./completeUploads.ts";
import { errorCode, maxFiles, sentence, statusOf, unknownMember } from "./errors.ts";
import { listUploads, updateUploads } from "./lists.ts";
import { receivedParts } from "./receivedParts.ts";
import { signParts } from "./signParts.ts";
import { Refetches } from "./refetches.ts";
import { requestUploads } from "./requestUploads.ts";
import type { UploadFields } from "./uploadFields.ts";
import { t } from "../messages/t.ts";

/** Responses are not cached as they are: of thousands of uploads, the library shows only some. */
const fetchPolicy = "no-cache";

/** Implement the upload queue's API with Apollo Client, and keep the cache up to date. */
export function createTransferApi(client: ApolloClient): TransferApi {
  const refetches = new Refetches(client);

  /** Update the uploads that the library shows, in one step. */
  function update(uploads: readonly SettledFields[]) {
    client.cache.batch({ update: (cache) => updateUploads(cache, uploads) });
    refetches.refetchUsage();
  }

  return {
    requestUploads: (inputs, withParts) =>
      final(async () => {
        const listed = refetches.areFew(inputs.length);
        const variables = { inputs: [...inputs], withParts, listed };
        const { data } = await client.mutate({ mutation: requestUploads, variables, fetchPolicy });
        const results = data?.requestUploads ?? [];
        const uploads = ticketsOf(results);
        client.cache.batch({ update: (cache) => listUploads(cache, uploads) });
        refetches.refetchUsage();
        return results.map((result, index) =>
          withReadableMessage(result, inputs[index]?.size ?? 0),
        );
      }),
    signParts: (id, parts) =>
      final(async () => {
        const variables = { id, parts: [...parts] };
        const { data } = await client.query({ query: signParts, variables, fetchPolicy });
        return data?.upload?.transfer?.parts ?? [];
      }),
    received: (id) =>
      final(async () => {
        const { data } = await client.query({
          query: receivedParts,
          variables: { id },
          fetchPolicy,
        });
        return data?.upload;
      }),
    complete: (ids) =>
      final(async () => {
        const variables = { ids: [...ids] };
        const { data } = await client.mutate({ mutation: completeUploads, variables, fetchPolicy });
        const results = data?.completeUploads ?? [];
        update(results.flatMap(settledUpload));
        return results;
      }),
    cancel: (id) =>
      final(async () => {
        const variables = { id };
        const { data } = await client.mutate({ mutation: cancelUpload, variables, fetchPolicy });
        const result = data?.cancelUpload;
        if (result?.__typename === "Upload") update([result]);
      }),
  };
}

/** Return the new uploads, if the response contains what the library shows of them. */
function ticketsOf(results: RequestUploadsMutation["requestUploads"]): UploadFields[] {
  return results.flatMap((result) =>
    result.__typename === "UploadTicket" && "filename" in result.upload
      ? [result.upload as UploadFields]
      : [],
  );
}

function settledUpload(
  result: CompleteUploadsMutation["completeUploads"][number],
): SettledFields[] {
  if (result.__typename === "Upload") return [result];
  return result.__typename === "UploadRejected" ? [result.upload] : [];
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
    const status = statusOf(error) ?? 500;
    const transient =
      code === undefined
        ? status >= 500 || status === 429
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
        message: t("upload.tooLargeLimit", { limit: formatBytes(result.maxUploadBytes) }),
      };
    case "QuotaExceeded":
      // Enough bytes are left, so the limit is the number of uploads, as the message says.
      if (result.availableBytes >= size) return result;
      return {
        ...result,
        message: t("upload.quota", { left: formatBytes(result.availableBytes) }),
      };
    case "UnsupportedMediaType":
      return {
        ...result,
        message: t("upload.unsupported", { types: formatList(result.contentTypes) }),
      };
    case "InvalidInput":
      return { ...result, message: result.fields[0]?.message ?? result.message };
    case "ClientTokenReused":
      return {
        ...result,
        message: t("upload.changed"),
      };
    default:
      return { message: unknownMember(result) };
  }
}

import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { completeMany, requestUploads } from "./api.ts";

interface Ticket {
  readonly id: string;
  readonly partSize: number;
  readonly partCount: number;
  readonly parts: readonly { url: string; headers: readonly { name: string; value: string }[] }[];
}

/**
 * Send the files with @uppy/aws-s3 in its `signRequest` mode, with defaults for all other options.
 *
 * The plugin creates and completes multipart uploads in the bucket, but our API does both.
 * Therefore, those two requests go to URLs that respond as S3 would (at the cost of one round trip
 * each, without a preflight). In Uppy's favour, everything possible is fetched in advance: one call
 * requests all files with the URLs of all their parts, so that no part waits for a signature.
 * Completions are sent 100 per call, with all calls in parallel.
 */
export async function sendWithUppy(files: readonly File[]): Promise<string[]> {
  const uppy = new Uppy({ autoProceed: false });
  const tickets = new Map<string, Ticket>();
  const byId = new Map<string, Ticket>();
  const partSizes = new Map<number, number>();

  uppy.addPreProcessor(async (fileIds) => {
    const chosen = uppy.getFilesByIds(fileIds);
    const inputs = chosen.map(({ name, type, size }) => ({
      ...{ filename: name, size, contentType: type || "application/octet-stream" },
      clientToken: crypto.randomUUID(),
    }));
    const results = (
      await Promise.all(batchesOf(inputs, 250).map((batch) => requestUploads(batch, true)))
    ).flat();
    chosen.forEach((file, index) => {
      const { id, transfer } = results[index].upload;
      const ticket = { id, ...transfer };
      tickets.set(file.id, ticket);
      byId.set(id, ticket);
      partSizes.set(file.size ?? 0, ticket.partSize);
    });
  });
  uppy.use(AwsS3, {
    shouldUseMultipart: (file) => known(tickets.get(file.id)).partCount > 1,
    getChunkSize: ({ size }) => known(partSizes.get(size)),
    generateObjectKey: (file) => known(tickets.get(file.id)).id,
    signRequest: async (request) => {
      const { parts, id } = known(byId.get(request.key));
      if (request.method === "PUT") {
        const { url, headers } = known(parts["partNumber" in request ? request.partNumber - 1 : 0]);
        return { url, headers: Object.fromEntries(headers.map((h) => [h.name, h.value])) };
      }
      if (request.method !== "POST") throw new Error(`Unexpected method: ${request.method}`);
      if (!("uploadId" in request)) return { url: `${location.origin}/answer/created?id=${id}` };
      await complete([id]);
      return { url: `${location.origin}/answer/completed?id=${id}` };
    },
  });
  uppy.addPostProcessor(async (fileIds) => {
    const small = fileIds
      .map((id) => known(tickets.get(id)))
      .filter(({ partCount }) => partCount === 1);
    const batches = batchesOf(small, 100);
    await Promise.all(batches.map((batch) => complete(batch.map(({ id }) => id))));
  });

  uppy.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file })));
  const result = await uppy.upload();
  const failed = result?.failed ?? [];
  if (failed.length > 0) throw new Error(`Uppy: ${failed[0]?.error}`);
  uppy.destroy();
  return [...byId.keys()];
}

async function complete(ids: readonly string[]): Promise<void> {
  for (const { status, message } of await completeMany(ids)) {
    if (status !== "STORED") throw new Error(`The upload was not stored: ${status} ${message}`);
  }
}

function batchesOf<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, n) => all.slice(n * size, (n + 1) * size));
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("This file has not been requested.");
  return value;
}

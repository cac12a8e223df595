import { createTransferManager } from "../../client/web/src/transfer/index.ts";
import { completeMany, received, requestUploads, signParts } from "./api.ts";

/** Send the files with our engine. Resolves to the uploads' ids when all are stored. */
export async function sendWithEngine(files: readonly File[]): Promise<string[]> {
  const manager = createTransferManager({
    api: {
      requestUploads,
      signParts,
      received,
      complete: async (id) => (await completeMany([id]))[0],
      completeMany,
      cancel: () => Promise.reject(new Error("The benchmark cancels no uploads.")),
    },
  });
  const handles = files.map((file) => manager.add(file));
  const stored = await Promise.all(handles.map(({ done }) => done));
  manager.close();
  return stored.map(({ uploadId }) => uploadId);
}

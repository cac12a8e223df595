import { Uppy } from "@uppy/core";
import "@uppy/core/css/style.min.css";
import GoldenRetriever from "@uppy/golden-retriever";
import { createTransferManager, mediaType } from "../transfer/index.ts";
import { client } from "../api/client.ts";
import { createTransferApi } from "../api/transferApi.ts";
import { visibleName } from "../format/names.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { dashboard } from "./dashboard.ts";
import type { FileBody, FileMeta, Queue, QueuedFile } from "./file.ts";
import { isKeeper } from "./onlyTab.ts";
import { restoreFiles } from "./restore.ts";
import { restrictions } from "./restrictions.ts";
import { TransferPlugin } from "./TransferPlugin.ts";
import { uploadLimits } from "./uploadLimits.ts";
import "./uppy.css";

/** The size limits, per file and in total, for files stored in the browser until they are sent. */
const KEPT_FILE_MAX_BYTES = 1024 ** 3;
const KEPT_MAX_BYTES = 4 * 1024 ** 3;

/** The uploader as pages use it; hides Uppy. */
export interface Uploader {
  /** Upload files. */
  readonly add: (files: readonly File[]) => void;
  /** Resume a pending upload; returns an error message if that fails. */
  readonly resume: (upload: UploadFieldsFragment, file: File) => string | undefined;
  /** Show the Dashboard in `target`. Returns a function that removes it. */
  readonly show: (target: HTMLElement, onDone: () => void) => () => void;
  readonly tags: () => readonly string[];
  /** Set the tags of files that are added from now on. */
  readonly setTags: (tags: readonly string[]) => void;
  /**
   * Call `listener` with the names of the files that the user must choose again: now and after each
   * change. Returns a function that unsubscribes it.
   */
  readonly onMissing: (listener: (names: readonly string[]) => void) => () => void;
}

/** Create the uploader. Calls `onBusy` with whether there are unfinished files to resume later. */
export async function createUploader(
  viewerId: string,
  onBusy: (busy: boolean) => void,
): Promise<Uploader> {
  const { data } = await client.query({ query: uploadLimits });
  if (data === undefined) throw new Error("The response to UploadLimits contains no data.");
  const limits = data.uploadLimits;
  const queue: Queue = new Uppy<FileMeta, FileBody>({
    id: `media-${viewerId}`,
    autoProceed: true,
    restrictions: restrictions(limits),
    onBeforeFileAdded: (file) => prepared(file, tags),
  });
  let tags: readonly string[] = [];
  queue.use(TransferPlugin, {
    manager: createTransferManager({ api: createTransferApi(client) }),
  });
  if (await isKeeper(viewerId)) keepFiles(queue, limits.pendingTtlSeconds, onBusy);
  queue.on("complete", () => void client.refetchQueries({ include: ["Usage"] }));

  return {
    add: (files) => addFiles(queue, files),
    resume: (upload, file) => resume(queue, upload, file),
    show: (target, onDone) => dashboard(queue, target, onDone),
    tags: () => tags,
    setTags: (next) => {
      tags = next;
    },
    onMissing: (listener) => onMissing(queue, listener),
  };
}

/** Store files in the browser so that they survive a closed tab, and resume stored ones. */
function keepFiles(queue: Queue, ttlSeconds: number, onBusy: (busy: boolean) => void): void {
  queue.on("restored", () => {
    restoreFiles(queue);
    if (queue.getFiles().some((file) => !file.isGhost)) void queue.upload().catch(() => undefined);
  });
  queue.use(GoldenRetriever, {
    expires: ttlSeconds * 1000,
    indexedDB: { maxFileSize: KEPT_FILE_MAX_BYTES, maxTotalSize: KEPT_MAX_BYTES } as object,
  });
  let busy: boolean | undefined;
  queue.on("state-update", (_before, { files }) => {
    const now = Object.values(files).some((file) => file.progress.uploadComplete !== true);
    if (now !== busy) onBusy(now);
    busy = now;
  });
}

/**
 * Return a chosen file as Uppy shows it, with a media type, the tags, and a client token, which
 * makes the file's request safe to repeat.
 */
function prepared(file: QueuedFile, tags: readonly string[]): QueuedFile {
  const name = visibleName(file.meta.name);
  const type = mediaType(file.type);
  const shown = { filename: file.meta.name, ...file.meta, name, type };
  // Restored and resumed files already have their metadata.
  const known = file.meta.clientToken !== undefined || file.meta.uploadId !== undefined;
  const meta = known ? shown : { ...shown, clientToken: crypto.randomUUID(), tags };
  return { ...file, name, type, meta };
}

function addFiles(queue: Queue, files: readonly File[]): void {
  queue.addFiles(
    files.map((file) => ({ name: file.name, type: file.type, data: file, source: "Page" })),
  );
}

function resume(queue: Queue, upload: UploadFieldsFragment, file: File): string | undefined {
  try {
    queue.addFile({
      name: upload.filename,
      type: upload.contentType,
      data: file,
      source: "Page",
      meta: { uploadId: upload.id },
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function onMissing(queue: Queue, listener: (names: readonly string[]) => void): () => void {
  let last = "";
  function update() {
    const names = queue
      .getFiles()
      .filter((file) => file.isGhost)
      .map((file) => file.meta.name);
    if (names.join("\n") === last) return;
    last = names.join("\n");
    listener(names);
  }
  update();
  queue.on("state-update", update);
  return () => queue.off("state-update", update);
}

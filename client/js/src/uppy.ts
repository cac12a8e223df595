import { BasePlugin, type Body, type Meta, type PluginOpts, type Uppy } from "@uppy/core";
import type { UploadItem, Uploads, UploadsOptions } from "./types.ts";
import { createUploads } from "./uploads.ts";
import { isClutter } from "./files.ts";
import { Sending, type SentFile } from "./uppy/sending.ts";

const INFO_MS = 10_000;
const REMOTE = "Files from other services can't be uploaded. Download the file, then add it.";
const UNFINISHED =
  "Some uploads from your last visit are unfinished. Add their files again to continue them.";

/** The options of the plugin. Uppy's own `restrictions` limit types, sizes and numbers of files. */
export interface MediaUploadOptions
  extends PluginOpts, Omit<UploadsOptions, "accept" | "maxFileBytes" | "maxFiles"> {
  /** The tags of all files. */
  readonly tags?: readonly string[];
}

declare module "@uppy/core" {
  interface PluginTypeRegistry<M extends Meta, B extends Body> {
    MediaUpload: MediaUpload<M, B>;
  }
}

/**
 * An uploader for Uppy: `uppy.use(MediaUpload, { endpoint, getToken })`. After a file's upload,
 * `file.response.body.uploadId` is the id of the upload.
 */
export class MediaUpload<M extends Meta, B extends Body> extends BasePlugin<
  MediaUploadOptions,
  M,
  B
> {
  #queue: Uploads | undefined;
  /** By the ids of Uppy's files. */
  readonly #sendings = new Map<string, Sending<M, B>>();
  #told = { missing: false, problem: false };

  constructor(uppy: Uppy<M, B>, options: MediaUploadOptions) {
    super(uppy, options);
    this.id = options.id ?? "MediaUpload";
    this.type = "uploader";
  }

  override install(): void {
    const queue = createUploads(this.opts);
    queue.watch(this.#follow);
    queue.subscribe(this.#show);
    this.#queue = queue;
    this.#setCapabilities(true);
    this.uppy.addUploader(this.#upload);
    this.uppy.on("file-removed", this.#remove);
    this.uppy.on("upload-pause", this.#pause);
    this.uppy.on("pause-all", this.#pauseAll);
    this.uppy.on("resume-all", this.#resumeAll);
  }

  override uninstall(): void {
    this.#setCapabilities(false);
    this.uppy.removeUploader(this.#upload);
    this.uppy.off("file-removed", this.#remove);
    this.uppy.off("upload-pause", this.#pause);
    this.uppy.off("pause-all", this.#pauseAll);
    this.uppy.off("resume-all", this.#resumeAll);
    for (const sending of this.#sendings.values()) sending.settle();
    this.#sendings.clear();
    void this.#queue?.close();
    this.#queue = undefined;
  }

  #setCapabilities(able: boolean): void {
    const { capabilities } = this.uppy.getState();
    this.uppy.setState({
      capabilities: { ...capabilities, individualCancellation: true, resumableUploads: able },
    });
  }

  /** Add all files in one tick, so that the queue requests their uploads together. */
  readonly #upload = async (fileIds: string[]): Promise<void> => {
    const files = this.uppy
      .getFilesByIds(fileIds)
      .filter(({ progress }) => progress.uploadComplete !== true);
    const local = files.filter((file): file is SentFile<M, B> => file.data instanceof Blob);
    this.uppy.emit("upload-start", local);
    for (const file of files.filter(({ isRemote }) => isRemote)) {
      this.uppy.emit("upload-error", file, { name: "Error", message: REMOTE });
    }
    await Promise.all(local.map((file) => this.#send(file)));
  };

  async #send(file: SentFile<M, B>): Promise<void> {
    const queue = this.#queue;
    if (queue === undefined) return;
    if (isClutter(file.name)) {
      this.uppy.removeFile(file.id);
      return;
    }
    const failed = queue.find(this.#sendings.get(file.id)?.itemId ?? "");
    const again = failed?.retryable === true ? failed.id : undefined;
    const sending = new Sending(this.uppy, file.id, again);
    this.#sendings.set(file.id, sending);
    if (again !== undefined) queue.retry(again);
    else {
      // An upload that can't be continued, such as an expired one, begins anew.
      if (failed !== undefined) void queue.cancel(failed.id);
      await sending.add(queue, file, this.opts.tags);
    }
    if (sending.removed) return;
    if (queue.snapshot.paused) this.uppy.setFileState(file.id, { isPaused: true });
    const item = queue.find(sending.itemId ?? "");
    if (item !== undefined && item.state !== "queued") sending.follow(item);
    await sending.settled;
  }

  readonly #follow = (item: UploadItem): void => {
    for (const sending of this.#sendings.values()) {
      if (sending.itemId === item.id) sending.follow(item);
    }
  };

  /** Show the progress of the files, and what concerns all of them. */
  readonly #show = (): void => {
    const queue = this.#queue;
    if (queue === undefined) return;
    for (const sending of this.#sendings.values()) {
      if (sending.isSettled || sending.itemId === undefined) continue;
      const item = queue.find(sending.itemId);
      if (item !== undefined) sending.progress(item.bytesSent, item.size);
    }
    const { counts, problem } = queue.snapshot;
    if (counts.missing > 0 && !this.#told.missing) {
      this.#told.missing = true;
      this.uppy.info(UNFINISHED, "info", INFO_MS);
    }
    if (problem !== undefined && !this.#told.problem) {
      this.uppy.info(problem.message, "error", INFO_MS);
      this.uppy.pauseAll();
    }
    this.#told.problem = problem !== undefined;
  };

  readonly #remove = ({ id }: { readonly id: string }): void => {
    const sending = this.#sendings.get(id);
    if (sending === undefined) return;
    this.#sendings.delete(id);
    sending.remove();
    if (sending.itemId !== undefined) void this.#queue?.cancel(sending.itemId);
  };

  readonly #pause = (file: { readonly id: string } | undefined, isPaused: boolean): void => {
    const id = file && this.#sendings.get(file.id)?.itemId;
    const queue = this.#queue;
    if (queue === undefined || id === undefined) return;
    if (isPaused) queue.pause(id);
    // The whole queue stops when the user's session ends, and continues as a whole.
    else if (queue.snapshot.paused) this.uppy.resumeAll();
    else queue.resume(id);
  };

  readonly #pauseAll = (): void => {
    for (const { itemId } of this.#sendings.values()) {
      if (itemId !== undefined) this.#queue?.pause(itemId);
    }
  };

  readonly #resumeAll = (): void => this.#queue?.resume();
}

export default MediaUpload;

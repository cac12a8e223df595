import { BasePlugin, type PluginOpts } from "@uppy/core";
import { dropTransfer, putTransfer, type TransferPhase } from "../upload/transfers.ts";
import type { FileBody, FileMeta, Queue, QueuedFile } from "./file.ts";
import type { TransferHandle, TransferManager, TransferState } from "../transfer/index.ts";

interface TransferPluginOptions extends PluginOpts {
  readonly manager: TransferManager;
}

/** An Uppy uploader that sends files with the transfer engine. */
export class TransferPlugin extends BasePlugin<TransferPluginOptions, FileMeta, FileBody> {
  readonly #handles = new Map<string, TransferHandle>();

  constructor(uppy: Queue, options: TransferPluginOptions) {
    super(uppy, options);
    this.id = "Transfer";
    this.type = "uploader";
  }

  override install(): void {
    this.uppy.setState({
      capabilities: {
        ...this.uppy.getState().capabilities,
        individualCancellation: true,
        resumableUploads: true,
      },
    });
    this.uppy.addUploader(this.#upload);
    this.uppy.on("file-removed", this.#removed);
    this.uppy.on("upload-pause", this.#paused);
    this.uppy.on("pause-all", this.#pauseAll);
    this.uppy.on("resume-all", this.#resumeAll);
  }

  /** Add all files in one tick, so that the engine requests them together. */
  readonly #upload = async (fileIds: string[]): Promise<void> => {
    const files = this.uppy
      .getFilesByIds(fileIds)
      .filter((file) => !file.isGhost && file.progress.uploadComplete !== true);
    this.uppy.emit("upload-start", files);
    await Promise.all(files.map((file) => this.#send(file)));
  };

  async #send(file: QueuedFile): Promise<void> {
    const { id, meta } = file;
    const handle = this.opts.manager.add(asFile(file), {
      contentType: file.type,
      filename: meta.filename ?? meta.name,
      ...(meta.tags !== undefined && { tags: meta.tags }),
      ...(meta.clientToken !== undefined && { clientToken: meta.clientToken }),
      ...(meta.uploadId !== undefined && { uploadId: meta.uploadId }),
    });
    this.#handles.set(id, handle);
    // The user may remove the file at any time.
    const current = () => this.#handles.get(id) === handle;
    const view = new FileView(this.uppy, file, handle);
    handle.on((event) => {
      if (!current()) return;
      switch (event.type) {
        case "progress":
          view.progress();
          break;
        case "state":
          view.show();
          break;
        case "error":
          break; // `done` rejects with the same error.
      }
    });
    try {
      await handle.done;
      if (current()) view.succeed();
    } catch (error) {
      if (current()) view.fail(error);
    } finally {
      if (current()) this.#handles.delete(id);
    }
  }

  readonly #removed = ({ id }: QueuedFile): void => {
    const handle = this.#handles.get(id);
    this.#handles.delete(id);
    dropTransfer(id);
    // If the service can't be reached, the upload expires later.
    void handle?.cancel().catch(() => undefined);
  };

  readonly #paused = (file: QueuedFile | undefined, isPaused: boolean): void => {
    const handle = file && this.#handles.get(file.id);
    if (isPaused) handle?.pause();
    else handle?.resume();
  };

  readonly #pauseAll = (): void => {
    for (const handle of this.#handles.values()) handle.pause();
  };

  readonly #resumeAll = (): void => {
    for (const handle of this.#handles.values()) handle.resume();
  };
}

/** Publishes the progress of one file to Uppy's Dashboard and to the other pages. */
class FileView {
  readonly #started = Date.now();

  constructor(
    private readonly uppy: Queue,
    private readonly file: QueuedFile,
    private readonly handle: TransferHandle,
  ) {
    this.show();
  }

  progress(): void {
    const { bytesSent, bytesTotal } = this.handle.progress;
    this.uppy.emit("upload-progress", this.uppy.getFile(this.file.id), {
      uploadStarted: this.#started,
      bytesUploaded: bytesSent,
      bytesTotal,
    });
    this.show();
  }

  /** Publish the progress, and store the upload's id so that a later page can resume. */
  show(): void {
    const { bytesSent, bytesTotal } = this.handle.progress;
    const { uploadId } = this.handle;
    if (uploadId !== undefined && this.uppy.getFile(this.file.id).meta.uploadId !== uploadId) {
      this.uppy.setFileMeta(this.file.id, { uploadId });
    }
    putTransfer({
      fileId: this.file.id,
      uploadId,
      name: this.file.meta.name,
      bytesSent,
      bytesTotal,
      state: PHASES[this.handle.state],
    });
  }

  succeed(): void {
    this.show();
    this.uppy.emit("upload-success", this.uppy.getFile(this.file.id), {
      status: 200,
      bytesUploaded: this.handle.progress.bytesTotal,
    });
  }

  fail(error: unknown): void {
    this.show();
    const problem = error instanceof Error ? error : new Error(String(error));
    this.uppy.emit("upload-error", this.uppy.getFile(this.file.id), problem);
  }
}

const PHASES: Record<TransferState, TransferPhase> = {
  queued: "running",
  hashing: "running",
  requesting: "running",
  uploading: "running",
  waiting: "waiting",
  paused: "paused",
  completing: "running",
  stored: "stored",
  failed: "failed",
  cancelled: "failed",
};

/** Wrap blobs without a name in a File: the webcam and restored files may provide them. */
function asFile(file: QueuedFile): File {
  const data = file.data as Blob;
  const { name } = file.meta;
  return data instanceof File && data.name === name
    ? data
    : new File([data], name, { type: file.type });
}

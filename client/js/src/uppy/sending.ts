import type { Body, Meta, Uppy, UppyFile } from "@uppy/core";
import type { UploadItem, Uploads } from "../types.ts";

/** A file of Uppy with its bytes. */
export type SentFile<M extends Meta, B extends Body> = UppyFile<M, B> & {
  readonly isRemote: false;
  readonly data: Blob;
};

/** One attempt of Uppy to upload a file. */
export class Sending<M extends Meta, B extends Body> {
  /** Resolves when the file is stored, has failed or was removed. */
  readonly settled: Promise<void>;
  settle: () => void = () => undefined;
  isSettled = false;
  removed = false;
  readonly #startedAt = Date.now();
  #bytesSent = -1;

  constructor(
    private readonly uppy: Uppy<M, B>,
    private readonly fileId: string,
    /** The id in the queue, once the file is there. */
    public itemId: string | undefined,
  ) {
    this.settled = new Promise((resolve) => {
      this.settle = () => {
        this.isSettled = true;
        resolve();
      };
    });
  }

  /** Add the file to the queue, unless the user removes it meanwhile. */
  async add(queue: Uploads, file: SentFile<M, B>, tags?: readonly string[]): Promise<void> {
    const [item] = await queue.add([{ file: asFile(file), path: pathOf(file.meta) }], {
      contentType: file.type,
      ...(tags !== undefined && { tags }),
    });
    this.itemId = item?.id;
    if (this.removed && item !== undefined) await queue.cancel(item.id);
  }

  remove(): void {
    this.removed = true;
    this.settle();
  }

  /** Report the progress to Uppy, if there is any. */
  progress(bytesSent: number, bytesTotal: number): void {
    if (bytesSent === this.#bytesSent) return;
    this.#bytesSent = bytesSent;
    this.uppy.emit("upload-progress", this.uppy.getFile(this.fileId), {
      uploadStarted: this.#startedAt,
      bytesUploaded: bytesSent,
      bytesTotal,
    });
  }

  /** Report the end of the upload to Uppy. */
  follow({ state, uploadId, size, problem }: UploadItem): void {
    if (this.isSettled) return;
    const file = this.uppy.getFile(this.fileId);
    if (state === "stored") {
      const body = { uploadId } as Body as B;
      this.uppy.emit("upload-success", file, { status: 200, bytesUploaded: size, body });
      this.settle();
    } else if (state === "failed") {
      const { name, message } = problem ?? { name: "Error", message: "The upload failed." };
      this.uppy.emit("upload-error", file, { name, message });
      this.settle();
    } else if (state === "cancelled") this.settle();
  }
}

/** Return the name, which the user may have changed, with the folders of the file. */
function pathOf({ name, relativePath }: { name: string; relativePath?: string | null }): string {
  const folders = relativePath?.slice(0, relativePath.lastIndexOf("/") + 1) ?? "";
  return folders + name;
}

/** Return the bytes as a file: cameras and editors provide blobs without a name. */
function asFile<M extends Meta, B extends Body>({ data, meta, type }: SentFile<M, B>): File {
  return data instanceof File ? data : new File([data], meta.name, { type });
}

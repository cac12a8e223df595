import { isFinal } from "./admission.ts";
import type { TransferError, UploadState } from "./engine/index.ts";
import type { Transfer } from "./engine/transfer.ts";
import type { Saved } from "./journal.ts";
import type { Place } from "./list.ts";
import type { UploadItem } from "./types.ts";

/** A file of the list: waiting, being sent, or finished. */
export class Entry {
  state: UploadState = "queued";
  problem: TransferError | undefined;
  place: Place | undefined;
  transfer: Transfer | undefined;
  /** The bytes that the sums contain. */
  counted = 0;
  /** Unlocks the upload for other tabs. */
  release: (() => void) | undefined;
  #item: UploadItem | undefined;

  constructor(
    readonly saved: Saved,
    /** The bytes; undefined once they are stored, and while the file is missing. */
    public file: File | undefined,
    readonly order: number,
  ) {}

  get bytesSent(): number {
    return this.state === "stored" ? this.saved.size : (this.transfer?.bytesSent ?? 0);
  }

  /** Whether its bytes belong to the sums. */
  get counts(): boolean {
    return this.place !== undefined && this.state !== "failed" && this.state !== "missing";
  }

  /** The item that pages see, created anew after a change. */
  get item(): UploadItem {
    if (this.#item !== undefined) return this.#item;
    const { id, uploadId, name, type, size, handle } = this.saved;
    const { state, bytesSent, problem } = this;
    const retryable = state === "retrying" || (state === "failed" && !isFinal(problem));
    const reopenable = state === "missing" && handle !== undefined;
    return (this.#item = {
      ...{ id, uploadId, name, type, size, state, bytesSent, problem, retryable, reopenable },
    });
  }

  /** Let other tabs send the upload. */
  free(): void {
    this.release?.();
    this.release = undefined;
  }

  touch(): void {
    this.#item = undefined;
  }
}

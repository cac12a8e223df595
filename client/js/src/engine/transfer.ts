import { call, type Environment } from "./environment.ts";
import { TransferError } from "./errors.ts";
import type { UploadInput, UploadState } from "./types.ts";
import { Upload } from "./upload.ts";

const OFFLINE = "You are offline. The upload continues when you are back online.";
const NO_STORAGE = "Storage can't be reached. Trying again …";
const NO_SERVICE = "The service can't be reached. Trying again …";

/** Receives each change of a transfer. */
export interface TransferObserver {
  readonly progress: () => void;
  readonly state: () => void;
}

/** The transfer of one file: an upload that can be paused, and the state that pages show. */
export class Transfer {
  state: UploadState = "queued";
  /** Why the transfer failed, waits or is tried again. */
  problem: TransferError | undefined;
  #phase: UploadState = "queued";
  #trouble: TransferError | undefined;
  #stop = new AbortController();
  readonly #kill = new AbortController();
  readonly #upload: Upload;

  constructor(
    private readonly env: Environment,
    file: File,
    input: UploadInput,
    order: number,
    private readonly observer: TransferObserver,
    uploadId: string | undefined,
  ) {
    this.#upload = new Upload(
      ...[env, file, input, order],
      {
        phase: (phase) => {
          if (!this.#stop.signal.aborted) this.#enter(phase);
        },
        progress: observer.progress,
        trouble: (reason) => {
          if (reason === this.#trouble) return;
          this.#trouble = reason;
          this.refresh();
        },
      },
      this.#kill.signal,
      uploadId,
    );
  }

  get uploadId(): string | undefined {
    return this.#upload.id;
  }

  get bytesSent(): number {
    return this.#upload.bytesSent;
  }

  /** Begin, or continue after a pause or a failure. */
  start(): void {
    const stop = (this.#stop = new AbortController());
    this.#trouble = undefined;
    this.#enter("queued");
    this.#upload.run(stop.signal).then(
      () => {
        if (!stop.signal.aborted) this.#end("stored");
      },
      (error: unknown) => {
        if (!stop.signal.aborted) this.#fail(error);
      },
    );
  }

  /** Begin no further parts. Those that are being sent go on, so that their bytes are not lost. */
  pause(): void {
    this.#end("paused");
  }

  /** Stop at once, without cancelling the upload. */
  close(): void {
    this.#stop.abort();
    this.#kill.abort();
  }

  /** Stop for good. Resolves when the service has cancelled the upload and discarded its bytes. */
  async cancel(): Promise<void> {
    this.#end("cancelled");
    this.#kill.abort();
    const uploadId = await this.#upload.settledId();
    if (uploadId === undefined) return;
    await call(this.env, new AbortController().signal, () => this.env.api.cancel(uploadId));
  }

  /** Update the state after a connection has gone down or come back. */
  refresh(): void {
    if (!this.#stop.signal.aborted) this.#enter(this.#phase);
  }

  #end(phase: UploadState): void {
    this.#stop.abort();
    this.#trouble = undefined;
    this.#enter(phase);
  }

  #fail(error: unknown): void {
    this.#stop.abort();
    this.#trouble =
      error instanceof TransferError
        ? error
        : new TransferError("service", "Something went wrong. Try again.", { cause: error });
    this.#enter("failed");
  }

  /** Enter a phase, which is shown as another state while a connection is down or a part is retried. */
  #enter(phase: UploadState): void {
    this.#phase = phase;
    let state = phase;
    let problem = this.#trouble;
    if (!this.#stop.signal.aborted) {
      const { bucket, service } = this.env;
      const down =
        phase === "uploading"
          ? bucket.down && NO_STORAGE
          : (service.down && NO_SERVICE) || (phase === "queued" && bucket.down && NO_STORAGE);
      if (down !== false) {
        state = "waiting";
        problem = new TransferError("network", bucket.offline ? OFFLINE : down);
      } else if (problem !== undefined) state = "retrying";
    }
    if (state === this.state && problem?.message === this.problem?.message) return;
    this.state = state;
    this.problem = problem;
    this.observer.state();
  }
}

import { call, type Environment } from "./environment.ts";
import { TransferError } from "./errors.ts";
import { mediaType } from "./mediaType.ts";
import { Upload } from "./upload.ts";
import type {
  AddOptions,
  Progress,
  TransferEvent,
  TransferHandle,
  TransferState,
} from "./types.ts";

const FINAL: ReadonlySet<TransferState> = new Set(["stored", "failed", "cancelled"]);

/** The transfer of one file, as pages see it. */
export class Transfer implements TransferHandle {
  readonly id = crypto.getRandomValues(new Uint32Array(4)).join("-");
  #phase: TransferState = "queued";
  #shown: TransferState = "queued";
  #run = new AbortController();
  #outcome = outcome();
  readonly #upload: Upload;
  readonly #listeners = new Set<(event: TransferEvent) => void>();

  constructor(
    private readonly env: Environment,
    readonly file: File,
    order: number,
    options: AddOptions,
  ) {
    const input = {
      filename: options.filename ?? file.name,
      contentType: mediaType(options.contentType ?? file.type),
      size: file.size,
      clientToken: options.clientToken ?? `web-${this.id}`,
      ...(options.tags !== undefined && { tags: [...options.tags] }),
    };
    const observer = {
      phase: (phase: TransferState) => this.#enter(phase),
      progress: () => this.#emit({ type: "progress", ...this.progress }),
    };
    this.#upload = new Upload(env, file, input, order, observer, options.uploadId);
    this.#start();
  }

  get uploadId(): string | undefined {
    return this.#upload.id;
  }

  get state(): TransferState {
    return this.#shown;
  }

  get progress(): Progress {
    const stored = this.#phase === "stored";
    const bytesSent = stored ? this.file.size : this.#upload.bytesSent;
    return { bytesSent, bytesTotal: this.file.size };
  }

  get done(): Promise<{ readonly uploadId: string }> {
    return this.#outcome.promise;
  }

  on(listener: (event: TransferEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pause(): void {
    if (FINAL.has(this.#phase) || this.#phase === "paused") return;
    this.#stop();
    this.#enter("paused");
  }

  resume(): void {
    if (this.#phase !== "paused" && this.#phase !== "failed") return;
    if (this.#phase === "failed") this.#outcome = outcome();
    this.#run = new AbortController();
    this.#enter("queued");
    this.#start();
  }

  async cancel(): Promise<void> {
    if (this.#phase === "stored" || this.#phase === "cancelled") return;
    this.#stop();
    this.#enter("cancelled");
    this.#outcome.reject(new TransferError("cancelled", "The upload was cancelled."));
    const uploadId = await this.#upload.settledId();
    if (uploadId === undefined) return;
    await call(this.env, new AbortController().signal, () => this.env.api.cancel(uploadId));
  }

  /** Stop without cancelling the upload, so that it can be resumed. */
  close(): void {
    this.pause();
    this.#listeners.clear();
  }

  /** Update the state after a connection has gone down or come back. */
  refresh(): void {
    this.#enter(this.#phase);
  }

  #start(): void {
    const { signal } = this.#run;
    this.#upload.run(signal).then(
      (uploadId) => {
        if (signal.aborted) return;
        this.#enter("stored");
        this.#outcome.resolve({ uploadId });
      },
      (error: unknown) => {
        if (!signal.aborted) this.#fail(error);
      },
    );
  }

  #stop(): void {
    this.#run.abort();
    this.#upload.release();
  }

  #fail(error: unknown): void {
    const failure =
      error instanceof TransferError
        ? error
        : new TransferError("service", "Something went wrong. Try again.", { cause: error });
    this.#stop();
    this.#enter("failed");
    this.#emit({ type: "error", error: failure });
    this.#outcome.reject(failure);
  }

  /** Enter a state. It is shown as "waiting" while a connection that it needs is down. */
  #enter(phase: TransferState): void {
    this.#phase = phase;
    const { bucket, service } = this.env;
    const down =
      phase === "uploading" ? bucket.down : service.down || (phase === "queued" && bucket.down);
    const shown = down && !FINAL.has(phase) && phase !== "paused" ? "waiting" : phase;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#emit({ type: "state", state: shown });
  }

  #emit(event: TransferEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

function outcome() {
  const { promise, resolve, reject } = withResolvers<{ readonly uploadId: string }>();
  promise.catch(() => undefined); // Callers may listen to events and ignore the promise.
  return { promise, resolve, reject };
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...functions) => {
    [resolve, reject] = functions;
  });
  return { promise, resolve, reject };
}

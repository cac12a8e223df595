import { abortable, sleep } from "./abortable.ts";
import { deliver, NO_SUCH_UPLOAD } from "./delivery.ts";
import { call, type Environment } from "./environment.ts";
import { TransferError } from "./errors.ts";
import { Parts } from "./parts.ts";
import { canHash, readPart, sha256 } from "./read.ts";
import { Signer } from "./signer.ts";
import type { PartChoice, PartRequest, Plan, UploadState, UploadInput } from "./types.ts";

const CLOSED = "This upload was cancelled or has expired. Add the file again.";
/** How many parts are signed in advance if they need no checksum. */
const SIGN_AHEAD = 50;
/** How often to send all missing parts before giving up on a bucket that loses them. */
const MAX_ROUNDS = 3;
/** Multipart files rank after all others, so that a video does not delay photos. */
const LARGE_RANK = 2 ** 32;

/** Receives the state and progress of an upload. */
export interface UploadObserver {
  readonly phase: (phase: UploadState) => void;
  readonly progress: () => void;
  /** A part could not be sent; it is sent again soon. `undefined`: parts arrive again. */
  readonly trouble: (reason: TransferError | undefined) => void;
}

/**
 * Gets one file into the bucket. A new run continues where the last one stopped: parts that were
 * being sent at that time go on, so that no bytes are sent twice.
 */
export class Upload {
  #parts: Parts | undefined;
  #signer: Signer | undefined;
  /** The parts that are being prepared or sent, including those of an earlier run. */
  readonly #sending = new Set<Promise<void>>();
  #stop = new AbortController().signal;
  #checksums = false;
  /** Whether another client may have begun the upload, and so decided on checksums. */
  #inherited = false;
  #requesting: Promise<unknown> | undefined;

  constructor(
    private readonly env: Environment,
    private readonly file: File,
    private readonly input: UploadInput,
    private readonly order: number,
    private readonly observer: UploadObserver,
    /** Ends all work at once, also of the parts that are being sent. */
    private readonly kill: AbortSignal,
    /** The id of the upload, once it has been requested. */
    public id: string | undefined,
  ) {}

  get bytesSent(): number {
    return this.#parts?.bytesSent ?? 0;
  }

  /** Do all remaining steps. Resolves when the upload is stored; `stop` begins no further step. */
  async run(stop: AbortSignal): Promise<void> {
    this.#stop = stop;
    if (this.#parts === undefined) {
      this.observer.phase("requesting");
      if (await (this.id === undefined ? this.#request(stop) : this.#find(stop))) return;
    }
    // `received` does not list the part of a single-part upload; completing tells if it arrived.
    const single = this.#inherited && this.#plan().partCount === 1;
    if (single && (await this.#complete(stop))) return;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      await this.#sendAll(stop);
      if (await this.#complete(stop)) return;
    }
    throw new TransferError("storage", "Storage keeps losing parts of the file. Try again later.");
  }

  /** Request the upload. Resolves to whether it is already stored. */
  async #request(signal: AbortSignal): Promise<boolean> {
    const small = this.file.size <= this.env.settings.smallFileMaxBytes;
    const requests = small ? this.env.requests.small : this.env.requests.large;
    const requesting = call(this.env, signal, async () => {
      const result = await requests.add(this.input);
      if (result.upload === undefined) {
        throw new TransferError("refused", result.message ?? "The service refused this file.", {
          code: result.code,
          detail: result,
        });
      }
      this.id = result.upload.id;
      return result;
    });
    this.#requesting = requesting.then(
      () => undefined,
      () => undefined,
    );
    const { upload, created } = await requesting;
    signal.throwIfAborted();
    // The client token matched an earlier upload, parts of which may have arrived.
    if (created === false || upload?.transfer == null) return this.#find(signal);
    const { parts = [], ...plan } = upload.transfer;
    // Parts in the ticket are signed without checksums, so all parts must be.
    this.#begin(new Parts(this.file.size, plan), parts.length > 0);
    this.#signer?.keep(parts);
    return false;
  }

  /** Find out which parts of an existing upload have arrived. Resolves to whether it is stored. */
  async #find(signal: AbortSignal): Promise<boolean> {
    const upload = await call(this.env, signal, () => this.env.api.received(known(this.id)));
    signal.throwIfAborted();
    if (upload?.status === "STORED") return true;
    if (upload?.transfer == null) {
      throw new TransferError("closed", CLOSED, { code: upload?.status });
    }
    if (upload.size !== this.file.size) {
      throw new TransferError(
        "file",
        `This is a different file: it has ${this.file.size} bytes, ` +
          `but the upload is for ${upload.size} bytes.`,
      );
    }
    const { received, ...plan } = upload.transfer;
    this.#inherited = true;
    this.#begin(
      new Parts(
        this.file.size,
        plan,
        received.map(({ number }) => number),
      ),
      false,
    );
    this.observer.progress();
    return false;
  }

  #begin(parts: Parts, signed: boolean): void {
    const { partCount, partSize } = parts.plan;
    this.#parts = parts;
    this.#checksums =
      !signed && partCount > 1 && canHash() && partSize <= this.env.settings.checksumPartMaxBytes;
    this.#signer = new Signer(
      (choices) => this.#sign(choices),
      // A part with a checksum can't be signed before it has been read.
      () => (this.#checksums ? [] : parts.upcoming(SIGN_AHEAD).map((number) => ({ number }))),
    );
  }

  async #sign(choices: readonly PartChoice[]): Promise<readonly PartRequest[]> {
    const signed = await call(this.env, this.#stop, () =>
      this.env.api.signParts(known(this.id), choices),
    );
    if (signed.length < choices.length) throw new TransferError("closed", CLOSED);
    this.#inherited = false;
    return signed;
  }

  /** Send all missing parts. */
  async #sendAll(signal: AbortSignal): Promise<void> {
    try {
      await this.#sendRest(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TransferError)) throw error;
      // The upload was completed or aborted elsewhere: completing tells which.
      if (error.code === NO_SUCH_UPLOAD) return;
      // Either all parts have checksums or none has, as the client that signed the first one chose.
      if (!this.#inherited || error.kind !== "service" || this.#plan().partCount === 1) throw error;
      this.#inherited = false;
      this.#checksums = !this.#checksums && canHash();
      await this.#sendRest(signal);
    }
  }

  async #sendRest(stop: AbortSignal): Promise<void> {
    const parts = known(this.#parts);
    const failed = new AbortController();
    const either = AbortSignal.any([stop, failed.signal]);
    // Queued until a part is admitted, unless parts from before a pause are still in flight.
    this.observer.phase(this.#sending.size > 0 ? "uploading" : "queued");
    while (parts.left || this.#sending.size > 0) {
      if (!parts.left) {
        await Promise.race([...this.#sending, abortable<never>(either, () => () => undefined)]);
        continue;
      }
      const leave = await this.env.pipeline.enter(this.#rank(), either);
      const number = parts.take();
      const sending = this.#sendPart(number, either)
        .catch((error: unknown) => {
          parts.giveBack(number);
          failed.abort(error);
        })
        .finally(() => {
          leave();
          this.#sending.delete(sending);
        });
      this.#sending.add(sending);
    }
    either.throwIfAborted();
  }

  async #sendPart(number: number, stop: AbortSignal): Promise<void> {
    const parts = known(this.#parts);
    const signer = known(this.#signer);
    const { offset, size } = parts.range(number);
    this.observer.phase(this.#checksums && parts.bytesSent === 0 ? "hashing" : "uploading");
    const part = this.#checksums
      ? { number, checksum: await this.#hash(number, stop) }
      : { number };
    // Sign the part before it enters a lane, so that lanes never wait for the service.
    await signer.get(part);
    stop.throwIfAborted();
    this.observer.phase("uploading");
    await deliver(this.env, {
      ...{ part, signer, stop, kill: this.kill, file: this.file, offset, size },
      rank: this.#rank(number),
      onTrouble: this.observer.trouble,
      onProgress: (bytes) => {
        parts.progress(number, bytes);
        this.observer.progress();
      },
    });
    parts.finish(number);
    this.observer.progress();
  }

  /**
   * Return a part's checksum. Its bytes are in memory only while they are hashed: the request sends
   * a slice of the file, which the browser reads itself. Chromium takes many times as long to send
   * a buffer, since it copies buffers between processes in small pieces.
   */
  async #hash(number: number, signal: AbortSignal): Promise<string> {
    const { offset, size } = known(this.#parts).range(number);
    const free = await this.env.memory.enter(this.#rank(), signal, size);
    try {
      const bytes = await readPart(this.file, offset, size);
      signal.throwIfAborted();
      return await sha256(bytes);
    } finally {
      free();
      signal.throwIfAborted();
    }
  }

  /** Complete the upload. Resolves to whether it is stored; if not, marks the missing parts. */
  async #complete(signal: AbortSignal): Promise<boolean> {
    this.observer.phase("completing");
    for (;;) {
      const result = await call(this.env, signal, () => this.env.completions.add(known(this.id)));
      signal.throwIfAborted();
      if (result?.code === "UPLOAD_INCOMPLETE") {
        this.#parts?.miss(result.missingParts ?? []);
        return false;
      }
      if (result == null || result.code !== undefined) {
        throw new TransferError(
          result?.code === "UPLOAD_REJECTED" ? "rejected" : "closed",
          result?.message ?? CLOSED,
          { code: result?.code, detail: result },
        );
      }
      if (result.status === "STORED") return true;
      // The service is still verifying the checksum of the file.
      await sleep(this.env.settings.pollMs, signal);
    }
  }

  /** Return the place among all that wait. A part that is sent again precedes those behind it. */
  #rank(part = 0): number {
    const { partCount } = this.#plan();
    return partCount > 1 ? LARGE_RANK + this.order + part / (partCount + 1) : this.order;
  }

  #plan(): Plan {
    return known(this.#parts).plan;
  }

  /** Wait for a request in flight, then return the upload's id if there is one. */
  async settledId(): Promise<string | undefined> {
    await this.#requesting;
    return this.id;
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The upload has not been requested yet.");
  return value;
}

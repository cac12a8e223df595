import { sleep } from "./backoff.ts";
import { deliver, GONE } from "./delivery.ts";
import { call, type Environment } from "./environment.ts";
import { TransferError } from "./errors.ts";
import { Parts } from "./parts.ts";
import { canHash, readPart, sha256 } from "./read.ts";
import { Signer } from "./signer.ts";
import type { PartChoice, PartRequest, Plan, TransferState, UploadInput } from "./types.ts";

const SETTLED = "This upload was cancelled or has expired. Add the file again.";
/** So many parts are signed at once where nothing has to be read before. */
const AHEAD = 50;
/** So often the bucket may say that parts are missing which it has taken. */
const LOSSES = 3;
/** Files of several parts come after all others: nobody waits for a film to see a photo. */
const LARGE_RANK = 2 ** 40;

/** Who is told how an upload goes. */
export interface Audience {
  readonly phase: (phase: TransferState) => void;
  readonly progress: () => void;
}

/** What it takes to get one file into the bucket. What is done stays done from run to run. */
export class Upload {
  #parts: Parts | undefined;
  #signer: Signer | undefined;
  #signal = new AbortController().signal;
  #checksums = false;
  /** Whether somebody else may have decided whether the parts have checksums. */
  #inherited = false;
  #asking: Promise<unknown> | undefined;

  constructor(
    private readonly env: Environment,
    private readonly file: File,
    private readonly input: UploadInput,
    private readonly order: number,
    private readonly audience: Audience,
    /** The upload's id in the service, once it is known. */
    public id: string | undefined,
  ) {}

  get bytesSent(): number {
    return this.#parts?.bytesSent ?? 0;
  }

  /** Do what is left to do. Resolves to the id when the upload is stored. */
  async run(signal: AbortSignal): Promise<string> {
    this.#signal = signal;
    if (this.#parts === undefined) {
      this.audience.phase("requesting");
      const stored = this.id === undefined ? await this.#request(signal) : await this.#look(signal);
      if (stored) return known(this.id);
    }
    // What is one part is not listed while it is not stored, so only this tells whether it is there.
    const whole = this.#inherited && this.#plan().partCount === 1;
    if (whole && (await this.#complete(signal))) return known(this.id);
    for (let losses = 0; losses < LOSSES; losses++) {
      await this.#sendAll(signal);
      if (await this.#complete(signal)) return known(this.id);
    }
    throw new TransferError(
      "storage",
      "The storage keeps losing parts of the file. Try again later.",
    );
  }

  /** Request the upload; true if it turns out to be stored already. */
  async #request(signal: AbortSignal): Promise<boolean> {
    const small = this.file.size <= this.env.settings.smallFileMaxBytes;
    const requests = small ? this.env.requests.small : this.env.requests.large;
    const asking = call(this.env, signal, async () => {
      const result = await requests.add(this.input);
      if (result.upload === undefined) {
        throw new TransferError(
          "refused",
          result.message ?? "The service does not take this file.",
          {
            code: result.code,
            detail: result,
          },
        );
      }
      this.id = result.upload.id;
      return result;
    });
    this.#asking = asking.then(
      () => undefined,
      () => undefined,
    );
    const { upload, created } = await asking;
    signal.throwIfAborted();
    // The token found an upload of an earlier page: some of it may be there.
    if (created === false || upload?.transfer == null) return this.#look(signal);
    const { parts = [], ...plan } = upload.transfer;
    // Parts of a multipart upload that are signed already are signed without checksums.
    this.#begin(new Parts(this.file.size, plan), parts.length > 0);
    this.#signer?.keep(parts);
    return false;
  }

  /** Ask what is there of an upload that was requested before; true if all is. */
  async #look(signal: AbortSignal): Promise<boolean> {
    const upload = await call(this.env, signal, () => this.env.api.received(known(this.id)));
    signal.throwIfAborted();
    if (upload?.status === "STORED") return true;
    if (upload?.transfer == null) {
      throw new TransferError("closed", SETTLED, { code: upload?.status });
    }
    if (upload.size !== this.file.size) {
      const message = `This is another file: the upload has ${upload.size} bytes, and this has ${this.file.size}.`;
      throw new TransferError("file", message);
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
    this.audience.progress();
    return false;
  }

  #begin(parts: Parts, signed: boolean): void {
    const { partCount, partSize } = parts.plan;
    this.#parts = parts;
    this.#checksums =
      !signed && partCount > 1 && canHash() && partSize <= this.env.settings.checksumPartMaxBytes;
    this.#signer = new Signer(
      (choices) => this.#sign(choices),
      // What needs a checksum can't be signed before it is read.
      () => (this.#checksums ? [] : parts.upcoming(AHEAD).map((number) => ({ number }))),
    );
  }

  async #sign(choices: readonly PartChoice[]): Promise<readonly PartRequest[]> {
    const signal = this.#signal;
    const signed = await call(this.env, signal, () =>
      this.env.api.signParts(known(this.id), choices),
    );
    if (signed.length < choices.length) throw new TransferError("closed", SETTLED);
    this.#inherited = false;
    return signed;
  }

  /** Send the parts that are missing. */
  async #sendAll(signal: AbortSignal): Promise<void> {
    try {
      await this.#sendRest(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof TransferError)) throw error;
      // Completed or aborted elsewhere: completing tells which.
      if (error.code === GONE) return;
      // Checksums are for all parts or for none, as whoever sent the first of them chose.
      if (!this.#inherited || error.kind !== "service" || this.#plan().partCount === 1) throw error;
      this.#inherited = false;
      this.#checksums = !this.#checksums && canHash();
      await this.#sendRest(signal);
    }
  }

  async #sendRest(signal: AbortSignal): Promise<void> {
    const parts = known(this.#parts);
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const running = new Set<Promise<void>>();
    parts.release();
    this.audience.phase("queued"); // Until a part has its turn.
    while (parts.left) {
      const leave = await this.env.pipeline.enter(this.#rank(), either);
      const sending = this.#sendPart(parts.take(), either)
        .catch((error: unknown) => failed.abort(error))
        .finally(() => {
          leave();
          running.delete(sending);
        });
      running.add(sending);
    }
    await Promise.all(running);
    either.throwIfAborted();
  }

  async #sendPart(number: number, signal: AbortSignal): Promise<void> {
    const parts = known(this.#parts);
    const signer = known(this.#signer);
    const { offset, size } = parts.range(number);
    this.audience.phase(this.#checksums && parts.bytesSent === 0 ? "hashing" : "uploading");
    const part = this.#checksums
      ? { number, checksum: await this.#hash(number, signal) }
      : { number };
    // Signed before it has its turn, so that no lane waits for the service.
    await signer.get(part);
    signal.throwIfAborted();
    this.audience.phase("uploading");
    await deliver(this.env, {
      ...{ part, signer, signal, file: this.file, offset, size, rank: this.#rank() },
      onProgress: (bytes) => {
        parts.progress(number, bytes);
        this.audience.progress();
      },
    });
    signal.throwIfAborted();
    parts.finish(number);
    this.audience.progress();
  }

  /**
   * A part's checksum. Its bytes are in memory for that only: what is sent is a slice of the file,
   * which the browser reads itself. Chromium takes many times as long to send a buffer, since that
   * goes from process to process in small pieces.
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

  /** Whether the upload is stored; where it is not, the parts that are missing are known. */
  async #complete(signal: AbortSignal): Promise<boolean> {
    this.audience.phase("completing");
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
          result?.message ?? SETTLED,
          { code: result?.code, detail: result },
        );
      }
      if (result.status === "STORED") return true;
      // The service is still reading a file that was declared with a checksum.
      await sleep(this.env.settings.pollMs, signal);
    }
  }

  #rank(): number {
    return this.#plan().partCount > 1 ? LARGE_RANK + this.order : this.order;
  }

  #plan(): Plan {
    return known(this.#parts).plan;
  }

  /** Nobody is at it any more: what was under way is to be sent again. */
  release(): void {
    this.#parts?.release();
  }

  /** The id, if the service has given one or is about to. */
  async settledId(): Promise<string | undefined> {
    await this.#asking;
    return this.id;
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The upload has not been requested yet.");
  return value;
}

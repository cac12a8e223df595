import { setMaxListeners } from "node:events";
import { TransferError } from "./errors.ts";
import { createEnvironment, type EngineOptions } from "./setup.ts";
import { Transfer } from "./transfer.ts";
import type { PartChoice, PartRequest, TransferApi, UploadState } from "./types.ts";

// Node warns about more than 10 listeners, but all parts in the pipeline share one signal.
setMaxListeners(0);

/** How the fake bucket fails one request. */
export type Fault =
  | { readonly status: number; readonly code?: string }
  | "unreachable"
  /** Never responds. */
  | "silent"
  /** Stores the bytes, but the response is lost. */
  | "lost";

export interface Arrival {
  readonly uploadId: string;
  readonly number: number;
  readonly bytes: number;
  readonly checksum: string | null;
  readonly url: string;
}

interface StoredUpload {
  readonly size: number;
  readonly token: string;
  readonly received: Map<number, number>;
  status: string;
  checksums: boolean | undefined;
}

interface ServiceOptions {
  readonly partSize?: number;
  readonly singlePartMaxBytes?: number;
}

/** A fake of the service and the bucket, with scripted faults. */
export class FakeService {
  readonly partSize: number;
  readonly singlePartMaxBytes: number;
  readonly uploads = new Map<string, StoredUpload>();
  /** Every PUT that started, including those that failed. */
  readonly arrivals: Arrival[] = [];
  readonly calls: { readonly name: string; readonly argument: unknown }[] = [];
  /** The faults of the next PUTs of a part, by part number. */
  readonly faults = new Map<number, Fault[]>();
  /** The errors of the next calls, by name. */
  readonly callFaults = new Map<string, Error[]>();
  /** The results of the next completions. */
  readonly results: Record<string, unknown>[] = [];
  urlSeconds = 900;
  online = true;
  /** While true, PUTs wait for `release`. */
  held = false;
  /** The PUTs in flight, and the most there have been. */
  inFlight = 0;
  maxInFlight = 0;
  readonly #listeners = new Set<() => void>();
  #waiting: (() => void)[] = [];

  constructor({ partSize = 10, singlePartMaxBytes = 10 }: ServiceOptions = {}) {
    this.partSize = partSize;
    this.singlePartMaxBytes = singlePartMaxBytes;
  }

  readonly line = {
    onLine: () => this.online,
    watch: (listener: () => void) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
  };

  readonly api: TransferApi = {
    requestUploads: (inputs, withParts) =>
      this.#call("requestUploads", { inputs, withParts }, () =>
        inputs.map(({ filename, size, clientToken }) => {
          if (filename.startsWith("refused")) {
            return { __typename: "QuotaExceeded", code: "QUOTA_EXCEEDED", message: "No room." };
          }
          const known = [...this.uploads].find(([, { token }]) => token === clientToken);
          const id = known?.[0] ?? this.request(size, clientToken);
          const { status } = this.#get(id);
          const parts = withParts ? { parts: this.#sign(id, [{ number: 1 }]) } : {};
          const transfer = status === "PENDING" ? { ...this.#plan(size), ...parts } : null;
          return { __typename: "UploadTicket", created: !known, upload: { id, status, transfer } };
        }),
      ),
    signParts: (id, parts) => this.#call("signParts", parts, () => this.#sign(id, parts)),
    received: (id) =>
      this.#call("received", id, () => {
        const upload = this.uploads.get(id);
        if (upload === undefined) return null;
        const { status, size } = upload;
        const plan = this.#plan(size);
        const numbers = plan.partCount > 1 ? [...upload.received.keys()] : [];
        const received = numbers.map((number) => ({ number }));
        return { status, size, transfer: status === "PENDING" ? { ...plan, received } : null };
      }),
    complete: (ids) => this.#call("complete", ids, () => ids.map((id) => this.#complete(id))),
    cancel: (id) =>
      this.#call("cancel", id, () => {
        this.#get(id).status = "CANCELLED";
      }),
  };

  request(size: number, token = `token ${this.uploads.size}`): string {
    const id = `upload-${this.uploads.size + 1}`;
    const received = new Map<number, number>();
    this.uploads.set(id, { size, token, received, status: "PENDING", checksums: undefined });
    return id;
  }

  names(): string[] {
    return this.calls.map(({ name }) => name);
  }

  called(name: string): unknown[] {
    return this.calls.filter((call) => call.name === name).map(({ argument }) => argument);
  }

  /** Return the numbers of the parts that were sent, in order. */
  sent(): number[] {
    return this.arrivals.map(({ number }) => number);
  }

  setOnline(online: boolean): void {
    this.online = online;
    for (const listener of this.#listeners) listener();
  }

  /** Let the first `count` waiting PUTs continue, by default all. */
  release(count = Number.POSITIVE_INFINITY): void {
    for (const go of this.#waiting.splice(0, count)) go();
  }

  /** Receive a PUT and call `respond` later. Returns a function that aborts the PUT. */
  receive(url: string, bytes: number, respond: (fault: Fault | undefined) => void): () => void {
    const query = new URL(url).searchParams;
    const uploadId = query.get("upload") ?? "";
    const number = Number(query.get("part"));
    this.arrivals.push({ uploadId, number, bytes, checksum: query.get("sum"), url });
    this.inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
    let over = false;
    const end = () => {
      if (!over) this.inFlight -= 1;
      over = true;
    };
    const go = () => {
      if (over) return;
      const fault = this.online ? this.faults.get(number)?.shift() : "unreachable";
      if (fault === "silent") return;
      end();
      if (fault === undefined || fault === "lost") this.#get(uploadId).received.set(number, bytes);
      respond(fault);
    };
    if (this.held) this.#waiting.push(go);
    else setTimeout(go);
    return end;
  }

  async #call<T>(name: string, argument: unknown, respond: () => T): Promise<T> {
    this.calls.push({ name, argument });
    await new Promise((resolve) => setTimeout(resolve));
    if (!this.online) throw new TypeError("Failed to fetch");
    const fault = this.callFaults.get(name)?.shift();
    if (fault !== undefined) throw fault;
    return respond();
  }

  #get(id: string): StoredUpload {
    const upload = this.uploads.get(id);
    if (upload === undefined) throw new TransferError("closed", "No such upload.");
    return upload;
  }

  #plan(size: number) {
    const partSize = size <= this.singlePartMaxBytes ? size : this.partSize;
    return { partSize, partCount: partSize === 0 ? 1 : Math.ceil(size / partSize) };
  }

  #sign(id: string, choices: readonly PartChoice[]): PartRequest[] {
    const upload = this.#get(id);
    if (upload.status !== "PENDING") return [];
    const { partSize, partCount } = this.#plan(upload.size);
    return choices.map(({ number, checksum }) => {
      if (partCount > 1) {
        upload.checksums ??= checksum !== undefined;
        if (upload.checksums !== (checksum !== undefined)) {
          throw new TransferError("service", "Either all parts have checksums or none has.");
        }
      }
      const offset = (number - 1) * partSize;
      const query = new URLSearchParams({ upload: id, part: String(number) });
      if (checksum !== undefined) query.set("sum", checksum);
      query.set("X-Amz-Expires", String(this.urlSeconds));
      return {
        ...{ number, offset, size: Math.min(partSize, upload.size - offset), method: "PUT" },
        ...{ url: `https://bucket.test/object?${query.toString()}`, headers: [] },
        expiresAt: new Date(0).toISOString(), // As if the local clock were wrong.
      };
    });
  }

  #complete(id: string) {
    const upload = this.#get(id);
    const scripted = this.results.shift();
    if (scripted !== undefined) return scripted;
    const { partCount } = this.#plan(upload.size);
    const numbers = Array.from({ length: partCount }, (_, index) => index + 1);
    const missingParts = numbers.filter((number) => !upload.received.has(number));
    if (missingParts.length > 0) return { code: "UPLOAD_INCOMPLETE", message: "", missingParts };
    upload.status = "STORED";
    return { status: "STORED" };
  }
}

/** The part of XMLHttpRequest that the engine uses. */
class FakeXhr {
  status = 0;
  responseText = "";
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly upload: {
    onprogress: ((event: { loaded: number }) => void) | null;
    onload: (() => void) | null;
  } = { onprogress: null, onload: null };
  #url = "";
  #end: () => void = () => undefined;

  constructor(private readonly service: FakeService) {}

  open(_method: string, url: string): void {
    this.#url = url;
  }

  setRequestHeader(): void {
    // No test depends on headers.
  }

  send({ size: bytes }: Blob): void {
    setTimeout(() => {
      if (this.status === 0) this.upload.onprogress?.({ loaded: Math.floor(bytes / 2) });
    });
    this.#end = this.service.receive(this.#url, bytes, (fault) => {
      if (fault === "unreachable" || fault === "lost") return this.onerror?.();
      this.upload.onprogress?.({ loaded: bytes });
      this.upload.onload?.();
      this.status = fault === undefined ? 200 : (fault as { status: number }).status;
      const code = (fault as { code?: string } | undefined)?.code;
      this.responseText = code === undefined ? "" : `<Error><Code>${code}</Code></Error>`;
      this.onload?.();
    });
  }

  abort(): void {
    this.#end();
  }
}

export type TransferEvent =
  | { readonly type: "progress"; readonly bytesSent: number; readonly bytesTotal: number }
  | { readonly type: "state"; readonly state: UploadState }
  | { readonly type: "error"; readonly error: TransferError };

interface AddOptions {
  readonly tags?: string[];
  readonly clientToken?: string;
  readonly contentType?: string;
  readonly filename?: string;
  readonly uploadId?: string;
}

/** A transfer as the tests use it: with its events, and a promise of its end. */
export class Handle {
  readonly #events: TransferEvent[] = [];
  readonly #transfer: Transfer;
  #done = withResolvers<{ uploadId: string | undefined }>();

  constructor(
    env: ReturnType<typeof createEnvironment>,
    private readonly file: File,
    order: number,
    options: AddOptions,
  ) {
    const { filename = file.name, contentType = file.type, clientToken, uploadId, tags } = options;
    const input = {
      ...{ filename, contentType, size: file.size, clientToken: clientToken ?? `token-${order}` },
      ...(tags !== undefined && { tags }),
    };
    const observer = {
      progress: () => this.#events.push({ type: "progress", ...this.progress }),
      state: () => this.#follow(),
    };
    this.#transfer = new Transfer(env, file, input, order, observer, uploadId);
    this.#done.promise.catch(() => undefined);
    this.#transfer.start();
  }

  get state(): UploadState {
    return this.#transfer.state;
  }

  get problem(): TransferError | undefined {
    return this.#transfer.problem;
  }

  get progress() {
    return { bytesSent: this.#transfer.bytesSent, bytesTotal: this.file.size };
  }

  get done() {
    return this.#done.promise;
  }

  get events(): readonly TransferEvent[] {
    return this.#events;
  }

  pause(): void {
    this.#transfer.pause();
  }

  resume(): void {
    this.#done = withResolvers();
    this.#done.promise.catch(() => undefined);
    this.#transfer.start();
  }

  async cancel(): Promise<void> {
    this.#done.reject(new TransferError("cancelled", "The upload was cancelled."));
    await this.#transfer.cancel();
  }

  close(): void {
    this.#transfer.close();
  }

  refresh(): void {
    this.#transfer.refresh();
  }

  #follow(): void {
    const { state, problem } = this.#transfer;
    this.#events.push({ type: "state", state });
    if (state === "stored") this.#done.resolve({ uploadId: this.#transfer.uploadId });
    if (state !== "failed" || problem === undefined) return;
    this.#events.push({ type: "error", error: problem });
    this.#done.reject(problem);
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...functions) => {
    [resolve, reject] = functions;
  });
  return { promise, resolve, reject };
}

/** Return the engine's options for the fakes; it retries almost at once. */
export function optionsFor(service: FakeService, options: Partial<EngineOptions> = {}) {
  return {
    api: service.api,
    line: service.line,
    createXhr: () => new FakeXhr(service) as unknown as XMLHttpRequest,
    ...options,
    settings: {
      backoff: { baseMs: 1, capMs: 4 },
      pollMs: 1,
      smallFileMaxBytes: service.singlePartMaxBytes,
      ...options.settings,
    },
  };
}

/** Create the engine without the queue. */
export function createManager(service: FakeService, options: Partial<EngineOptions> = {}) {
  const handles: Handle[] = [];
  const env = createEnvironment(optionsFor(service, options), () => {
    for (const handle of handles) handle.refresh();
  });
  return {
    add: (file: File, addOptions: AddOptions = {}) => {
      const handle = new Handle(env, file, handles.length, addOptions);
      handles.push(handle);
      return handle;
    },
    close: () => {
      for (const handle of handles) handle.close();
    },
  };
}

export function fileOf(bytes: number, name = "file.bin"): File {
  return new File([new Uint8Array(bytes).map((_, index) => index)], name, { lastModified: 1 });
}

/** Return the array to which all events of the handle are appended. */
export function eventsOf(handle: Handle): readonly TransferEvent[] {
  return handle.events;
}

export function statesOf(events: readonly TransferEvent[]): string[] {
  return events.flatMap((event) => (event.type === "state" ? [event.state] : []));
}

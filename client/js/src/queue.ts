import { isKept } from "./admission.ts";
import { TransferError } from "./engine/errors.ts";
import type { UploadState } from "./engine/index.ts";
import type { EngineOptions } from "./engine/setup.ts";
import type { Transfer } from "./engine/transfer.ts";
import type { Entry } from "./entry.ts";
import { Known } from "./known.ts";
import { List } from "./list.ts";
import { askBeforeLeaving, Listeners } from "./listeners.ts";
import type { Memory } from "./memory.ts";
import type { Engine } from "./start.ts";
import { Sums } from "./sums.ts";
import type { UploadsOptions, UploadsSnapshot } from "./types.ts";

/** How many files are requested and sent at a time; more are added when half of them are done. */
const WINDOW = 500;
const RELOAD_MS = 3000;
const SESSION_ENDED = "Your session has ended. Sign in again, then resume.";
const ANOTHER_TAB = "This file is being sent in another tab. Continue there, or close that tab.";
/** The error code that goes with ANOTHER_TAB. */
const ELSEWHERE = "SENT_ELSEWHERE";

/** Moves files through their states, and keeps the sums and the journal true. */
export class Queue {
  readonly list = new List();
  readonly sums = new Sums();
  readonly known = new Known();
  readonly listeners = new Listeners(() => this.#report());
  /** The list as pages see it, until it changes. */
  snapshot: UploadsSnapshot | undefined;
  paused = false;
  /** Why the whole queue stopped. */
  problem: TransferError | undefined;
  /** Loaded after the queue, like the engine, to show pages sooner. Unset without `journal`. */
  memory: Memory | undefined;
  readonly #remembering: Promise<Memory | undefined>;
  #engine: Engine | undefined;
  #loading: Promise<void> | undefined;
  #added = 0;
  #closed = false;

  constructor(private readonly options: UploadsOptions & Partial<EngineOptions>) {
    void this.#load();
    this.#remembering = this.#startMemory().catch(() => undefined);
  }

  nextOrder(): number {
    return this.#added++;
  }

  register(entry: Entry): void {
    this.known.add(entry);
    this.sums.update(entry);
  }

  /** Write new files into the journal. */
  remember(entries: readonly Entry[]): void {
    this.memory?.journal.add(entries.filter(isKept).map(({ saved }) => saved));
  }

  pause(): void {
    this.paused = true;
    for (const { transfer } of this.list.active) transfer?.pause();
  }

  resume(): void {
    this.paused = false;
    this.problem = undefined;
    this.sums.meter.reset();
    for (const entry of this.list.active) if (entry.state === "paused") this.begin(entry);
    this.again(({ state }) => state === "paused");
  }

  /** Move the chosen files that need attention to the front of the queue. */
  again(chosen: (entry: Entry) => boolean): void {
    for (const entry of this.list.takeAttention(chosen).reverse()) {
      this.list.put(entry, "queued", true);
      this.enter(entry, "queued");
    }
    this.fill();
  }

  /** Continue a missing file with its bytes. */
  attach(entry: Entry, file: File): void {
    if (entry.state !== "missing") return;
    entry.file = file;
    this.list.put(entry, "queued");
    this.enter(entry, "queued");
  }

  /** Begin queued files as long as there is room. */
  fill(): void {
    if (this.#engine === undefined || this.paused) return;
    if (this.list.active.size > WINDOW / 2) return;
    while (this.list.active.size < WINDOW) {
      const next = this.list.next();
      if (next === undefined) return;
      this.begin(next);
    }
  }

  begin(entry: Entry): void {
    const { saved, file } = entry;
    const engine = this.#engine;
    if (file === undefined || engine === undefined) return;
    this.list.put(entry, "active");
    const begun = entry.transfer !== undefined;
    entry.transfer ??= this.#transfer(engine, entry, file);
    if (!begun && saved.uploadId !== undefined) void this.#lead(entry, saved.uploadId);
    else entry.transfer.start();
    this.sums.update(entry);
  }

  /** Enter a state, and the place in the list that belongs to it. */
  enter(entry: Entry, state: UploadState, problem?: TransferError): void {
    entry.state = state;
    entry.problem = problem;
    entry.touch();
    if (state === "stored") this.list.put(entry, "done");
    else if (state === "failed" || (state === "paused" && !this.paused)) {
      this.list.put(entry, "attention");
    }
    this.sums.update(entry);
    if (!isKept(entry)) this.#finish(entry);
    if (entry.place !== "active") this.fill();
    this.snapshot = undefined;
    this.listeners.tell(entry.item);
    this.listeners.changed();
  }

  async cancel(entry: Entry): Promise<void> {
    const { transfer, state, saved, problem } = entry;
    this.forget(entry);
    if (state === "stored") return;
    this.memory?.journal.remove(saved);
    // If the service can't be reached, the upload expires later.
    if (transfer !== undefined) await transfer.cancel().catch(() => undefined);
    else if (saved.uploadId !== undefined && problem?.code !== ELSEWHERE) {
      await this.#engine?.env.api.cancel(saved.uploadId).catch(() => undefined);
    }
  }

  forget(entry: Entry): void {
    this.list.remove(entry);
    this.sums.remove(entry);
    this.known.forget(entry);
    entry.free();
    if (entry.state !== "stored") entry.state = "cancelled";
    entry.touch();
    this.listeners.tell(entry.item);
  }

  /** Show the effect of an action at once. */
  acted(): void {
    this.snapshot = undefined;
    this.listeners.changed();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.listeners.close();
    for (const entry of this.list.all()) {
      entry.transfer?.close();
      entry.free();
    }
    this.#engine?.close();
    await this.memory?.close();
  }

  /** Load the engine, once. */
  #load(): Promise<void> {
    return (this.#loading ??= this.#startEngine());
  }

  async #startEngine(): Promise<void> {
    const refresh = () => {
      for (const { transfer } of this.list.active) transfer?.refresh();
    };
    const engine = await import("./start.ts").then(
      ({ Engine }) => Engine.start(this.options, refresh),
      () => undefined,
    );
    if (this.#closed) return;
    if (engine === undefined) {
      // The network is down. Files wait in the queue until the rest of the package can be loaded.
      this.#loading = undefined;
      setTimeout(() => void this.#load(), RELOAD_MS);
      return;
    }
    this.#engine = engine;
    this.fill();
  }

  async #startMemory(): Promise<Memory | undefined> {
    const { journal = true, user = "" } = this.options;
    if (!journal || typeof document === "undefined" || typeof indexedDB === "undefined") return;
    const { Memory } = await import("./memory.ts");
    if (this.#closed) return undefined;
    this.memory = new Memory(user, {
      found: (entries) => void this.#find(entries),
      changed: () => this.listeners.changed(),
      nextOrder: () => this.nextOrder(),
    });
    this.remember(this.list.all());
    return this.memory;
  }

  /** Show the files that an earlier page left; some may have been stored meanwhile. */
  async #find(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      this.list.put(entry, "attention");
      this.register(entry);
      this.enter(entry, "missing");
    }
    await this.#load();
    await Promise.all(
      entries.map(async (entry) => {
        const { uploadId } = entry.saved;
        if (uploadId === undefined) return;
        const result = await this.#engine?.env.completions.add(uploadId).catch(() => undefined);
        if (entry.state === "missing" && result?.status === "STORED") this.enter(entry, "stored");
      }),
    );
    await this.memory?.reopenGranted(entries, (entry, file) => this.attach(entry, file));
    this.fill();
  }

  /** Continue an upload that has begun elsewhere, unless another tab has it. */
  async #lead(entry: Entry, uploadId: string): Promise<void> {
    if (await this.#hold(entry, uploadId)) {
      if (entry.place === "active") entry.transfer?.start();
    } else if (entry.place !== undefined) {
      entry.transfer = undefined;
      const problem = new TransferError("refused", ANOTHER_TAB, { code: ELSEWHERE });
      this.enter(entry, "failed", problem);
    }
  }

  /**
   * Keep other tabs from sending the upload until it is stored or forgotten: after a pause or a
   * failure, it continues here. Resolves to false if another tab has it.
   */
  async #hold(entry: Entry, uploadId: string): Promise<boolean> {
    const memory = await this.#remembering;
    if (memory === undefined || entry.release !== undefined) return true;
    const release = await memory.lead(uploadId);
    // Meanwhile, it may have been stored or forgotten.
    if (entry.place === undefined || entry.place === "done") release?.();
    else entry.release = release;
    return release !== undefined;
  }

  #transfer(engine: Engine, entry: Entry, file: File): Transfer {
    return engine.transfer(entry, file, {
      progress: () => {
        this.sums.update(entry);
        entry.touch();
        this.listeners.changed();
      },
      state: () => this.#follow(entry),
    });
  }

  /** Take over the state of an entry's transfer. */
  #follow(entry: Entry): void {
    const { transfer, saved } = entry;
    if (transfer === undefined || entry.place === undefined) return;
    if (transfer.uploadId !== undefined && saved.uploadId === undefined) {
      saved.uploadId = transfer.uploadId;
      this.known.requested(entry);
      this.memory?.journal.update(saved);
      // Parts of a large file would be sent twice if two tabs sent it.
      if (saved.size > (this.#engine?.env.settings.smallFileMaxBytes ?? 0)) {
        void this.#hold(entry, saved.uploadId);
      }
    }
    if (transfer.problem?.code === "UNAUTHENTICATED") {
      this.problem = new TransferError("service", SESSION_ENDED, { code: "UNAUTHENTICATED" });
      this.list.put(entry, "queued", true);
      this.enter(entry, "queued");
      this.pause();
    } else this.enter(entry, transfer.state, transfer.problem);
  }

  /** Drop what only an unfinished file needs. */
  #finish(entry: Entry): void {
    this.memory?.journal.remove(entry.saved);
    this.known.finish(entry);
    entry.free();
    if (entry.state === "stored") entry.file = entry.transfer = undefined;
  }

  #report(): void {
    this.snapshot = undefined;
    const { unfinished: files, bytesSent, bytesTotal } = this.sums;
    askBeforeLeaving(files > 0);
    const paused = this.list.attention.slice(0, WINDOW).filter(({ state }) => state === "paused");
    this.memory?.report({ files, bytesSent, bytesTotal }, [...this.list.active, ...paused]);
  }
}

import type { UploadItem, Uploads, UploadsOptions, UploadsSnapshot } from "../types.ts";
import { createUploads } from "../uploads.ts";
import { EMPTY } from "./empty.ts";

/** What components can do with the queue of their provider. */
export type UploadsActions = Omit<Uploads, "snapshot" | "close">;

type Call = (queue: Uploads) => unknown;

/**
 * Binds components to the queue of their provider. React creates components before their effects,
 * and may run effects twice, so the queue comes later than its users and may be replaced. So
 * they subscribe to the binding, and actions wait for the queue.
 */
export class Binding {
  #queue: Uploads | undefined;
  #options: UploadsOptions = {};
  /** The options of the created queue, which reads its limits again for each file. */
  #live: Record<string, unknown> = {};
  #waiting: Call[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #watchers = new Set<(item: UploadItem) => void>();

  get snapshot(): UploadsSnapshot {
    return this.#queue?.snapshot ?? EMPTY;
  }

  /** Take over the options of the latest render. */
  update(options: UploadsOptions): void {
    this.#options = options;
    const { accept, maxFileBytes, maxFiles } = options;
    Object.assign(this.#live, { accept, maxFileBytes, maxFiles });
  }

  /** Create a queue. To close it, call the result. */
  create(): () => void {
    const { getToken } = this.#options;
    const options = {
      ...this.#options,
      // Most components pass a new function at each render.
      ...(getToken !== undefined && {
        getToken: (rejected?: string) => this.#options.getToken?.(rejected),
      }),
    };
    this.#live = options;
    const queue = createUploads(options);
    const release = this.use(queue);
    return () => {
      release();
      void queue.close();
    };
  }

  /** Use an existing queue. To let go of it, call the result. */
  use(queue: Uploads): () => void {
    this.#queue = queue;
    const unsubscribe = queue.subscribe(() => this.#tell());
    const unwatch = queue.watch((item) => {
      for (const watcher of this.#watchers) watcher(item);
    });
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) call(queue);
    this.#tell();
    return () => {
      unsubscribe();
      unwatch();
      this.#queue = undefined;
      this.#tell();
    };
  }

  /** These do not use `this`, so that components can destructure them. */
  readonly actions: UploadsActions = {
    add: (files, options) => {
      // Pages empty their inputs, and with them the list of files, while the files wait.
      const copy = [...files];
      return this.#ask((queue) => queue.add(copy, options));
    },
    pause: (id) => this.#do((queue) => queue.pause(id)),
    resume: (id) => this.#do((queue) => queue.resume(id)),
    retry: (id) => this.#do((queue) => queue.retry(id)),
    cancel: (id) => this.#ask((queue) => queue.cancel(id)),
    clear: () => this.#do((queue) => queue.clear()),
    reopen: () => this.#ask((queue) => queue.reopen()),
    subscribe: (listener) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
    watch: (listener) => {
      this.#watchers.add(listener);
      return () => this.#watchers.delete(listener);
    },
    at: (index) => this.#queue?.at(index),
    find: (id) => this.#queue?.find(id),
    progressOf: (uploadId) => this.#queue?.progressOf(uploadId),
  };

  #do(call: Call): void {
    if (this.#queue === undefined) this.#waiting.push(call);
    else call(this.#queue);
  }

  #ask<T>(call: (queue: Uploads) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#do((queue) => {
        call(queue).then(resolve, reject);
      });
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

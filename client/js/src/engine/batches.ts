import { TransferError } from "./errors.ts";

interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (result: Out) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Send all items at once, or in smaller batches if the service refuses them because its response
 * would be too large. Returns the results in order. Throws what `send` throws otherwise.
 */
export async function sendDivided<In, Out>(
  send: (items: readonly In[]) => Promise<readonly Out[]>,
  items: readonly In[],
): Promise<readonly Out[]> {
  const results: Out[] = [];
  let most = items.length;
  for (let sent = 0; sent < items.length;) {
    const batch = items.slice(sent, sent + most);
    try {
      results.push(...(await send(batch)));
      sent += batch.length;
    } catch (error) {
      const room = error instanceof TransferError ? (error.maxFiles ?? 0) : 0;
      if (room < 1 || room >= batch.length) throw error;
      most = room;
    }
  }
  return results;
}

export interface BatchOptions {
  /** Each call gets at most this many items. */
  readonly max: number;
  /** How many items the first call gets at most; each further call may get twice as many. */
  readonly first?: number;
  /** At most this many calls run at once. */
  readonly parallel: number;
  /** Returns how long to wait for more items. Those added in the same tick always share a batch. */
  readonly lingerMs?: () => number;
}

/** Collects single items and sends them in batches. */
export class Batches<In, Out> {
  readonly #waiting: Waiting<In, Out>[] = [];
  #running = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  #most: number;

  constructor(
    private readonly send: (items: readonly In[]) => Promise<readonly Out[]>,
    private readonly options: BatchOptions,
  ) {
    this.#most = options.first ?? options.max;
  }

  add(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    const { max, lingerMs: linger } = this.options;
    const lingerMs = this.#waiting.length < max ? (linger?.() ?? 0) : 0;
    if (this.#timer !== undefined) {
      if (lingerMs > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, lingerMs);
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#running < this.options.parallel) {
      void this.#call(this.#waiting.splice(0, this.#most));
      this.#most = Math.min(this.options.max, 2 * this.#most);
    }
  }

  async #call(batch: readonly Waiting<In, Out>[]): Promise<void> {
    this.#running += 1;
    try {
      const results = await this.send(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        if (index < results.length) resolve(results[index] as Out);
        else reject(new Error("The service returned too few results."));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#running -= 1;
      if (this.#timer === undefined) this.#flush();
    }
  }
}

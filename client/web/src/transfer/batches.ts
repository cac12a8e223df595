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
  for (let sent = 0; sent < items.length; ) {
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

/** Collects single items and sends them in batches. */
export class Batches<In, Out> {
  readonly #waiting: Waiting<In, Out>[] = [];
  #running = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Each call of `send` gets at most `max` items, and at most `parallel` calls run at once.
   * `lingerMs` returns how long to wait for more items. Items added in the same tick always share a
   * batch.
   */
  constructor(
    private readonly send: (items: readonly In[]) => Promise<readonly Out[]>,
    private readonly max: number,
    private readonly parallel: number,
    private readonly lingerMs: () => number = () => 0,
  ) {}

  add(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    const lingerMs = this.#waiting.length < this.max ? this.lingerMs() : 0;
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
    while (this.#waiting.length > 0 && this.#running < this.parallel) {
      void this.#call(this.#waiting.splice(0, this.max));
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

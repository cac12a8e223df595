interface Waiting<In, Out> {
  readonly item: In;
  readonly resolve: (result: Out) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers single calls into calls for many. */
export class Batches<In, Out> {
  readonly #waiting: Waiting<In, Out>[] = [];
  #running = 0;
  #scheduled = false;

  /** At most `max` go into one call, and `parallel` calls run at once; meanwhile others gather. */
  constructor(
    private readonly send: (items: readonly In[]) => Promise<readonly Out[]>,
    private readonly max: number,
    private readonly parallel: number,
  ) {}

  add(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** What comes in the same tick goes together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      this.#flush();
    });
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
        else reject(new Error("The service left a result out."));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#running -= 1;
      this.#flush();
    }
  }
}

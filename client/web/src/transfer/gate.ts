interface Waiting {
  readonly rank: number;
  readonly weight: number;
  readonly admit: () => void;
}

/** Lets in as much at a time as its limit says; who waits goes in by rank, equals in order. */
export class Gate {
  #limit: number;
  #used = 0;
  readonly #waiting: Waiting[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** Whether somebody waits: the limit is what holds things up. */
  get full(): boolean {
    return this.#waiting.length > 0;
  }

  setLimit(limit: number): void {
    this.#limit = limit;
    this.#admit();
  }

  /** Resolves, when there is room, to what must be called on leaving; rejects when `signal` aborts. */
  enter(rank: number, signal: AbortSignal, weight = 1): Promise<() => void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const waiting: Waiting = {
        rank,
        weight,
        admit: () => {
          signal.removeEventListener("abort", abort);
          this.#used += weight;
          resolve(once(() => this.#leave(weight)));
        },
      };
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
        this.#admit();
      };
      signal.addEventListener("abort", abort);
      const behind = this.#waiting.findLastIndex((other) => other.rank <= rank);
      this.#waiting.splice(behind + 1, 0, waiting);
      this.#admit();
    });
  }

  #leave(weight: number): void {
    this.#used -= weight;
    this.#admit();
  }

  #admit(): void {
    for (;;) {
      const [next] = this.#waiting;
      // What alone is more than the limit must get in some time.
      if (next === undefined || (this.#used > 0 && this.#used + next.weight > this.#limit)) return;
      this.#waiting.shift();
      next.admit();
    }
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}

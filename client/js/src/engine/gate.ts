import { abortable } from "./abortable.ts";

interface Waiting {
  readonly rank: number;
  readonly weight: number;
  readonly admit: () => void;
}

/** A weighted semaphore whose waiters are admitted by rank, lowest first, then in order. */
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

  /** Whether there are waiters, so that a higher limit would admit more. */
  get full(): boolean {
    return this.#waiting.length > 0;
  }

  setLimit(limit: number): void {
    this.#limit = limit;
    this.#admit();
  }

  /** Wait to be admitted. Resolves to the function that leaves; rejects if `signal` aborts. */
  enter(rank: number, signal: AbortSignal, weight = 1): Promise<() => void> {
    return abortable(signal, (resolve) => {
      const waiting: Waiting = {
        rank,
        weight,
        admit: () => {
          this.#used += weight;
          resolve(once(() => this.#leave(weight)));
        },
      };
      const behind = this.#waiting.findLastIndex((other) => other.rank <= rank);
      this.#waiting.splice(behind + 1, 0, waiting);
      this.#admit();
      return () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        this.#admit();
      };
    });
  }

  #leave(weight: number): void {
    this.#used -= weight;
    this.#admit();
  }

  #admit(): void {
    for (;;) {
      const [next] = this.#waiting;
      // Admit a waiter that exceeds the limit when nothing else is in.
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

import type { Plan } from "./types.ts";

/** Which parts of a file are sent, and how far the others are. */
export class Parts {
  readonly #done = new Set<number>();
  readonly #taken = new Set<number>();
  readonly #under = new Map<number, number>();
  #doneBytes = 0;
  /** All numbers below are done or taken. */
  #front = 1;

  constructor(
    private readonly fileSize: number,
    readonly plan: Plan,
    received: Iterable<number> = [],
  ) {
    for (const number of received) this.finish(number);
  }

  get bytesSent(): number {
    let bytes = this.#doneBytes;
    for (const sent of this.#under.values()) bytes += sent;
    return bytes;
  }

  range(number: number): { readonly offset: number; readonly size: number } {
    const offset = (number - 1) * this.plan.partSize;
    return { offset, size: Math.min(this.plan.partSize, this.fileSize - offset) };
  }

  /** Whether there is a part that nobody has taken. */
  get left(): boolean {
    return this.upcoming(1).length > 0;
  }

  /** The first part that nobody has taken; it is taken then. */
  take(): number {
    const [number] = this.upcoming(1);
    if (number === undefined) throw new Error("All parts are taken.");
    this.#front = number + 1;
    this.#taken.add(number);
    return number;
  }

  /** The next parts that will be taken. */
  upcoming(count: number): number[] {
    const numbers: number[] = [];
    for (let n = this.#front; n <= this.plan.partCount && numbers.length < count; n++) {
      if (!this.#done.has(n) && !this.#taken.has(n)) numbers.push(n);
    }
    return numbers;
  }

  progress(number: number, bytes: number): void {
    this.#under.set(number, Math.min(bytes, this.range(number).size));
  }

  finish(number: number): void {
    this.#under.delete(number);
    this.#taken.delete(number);
    if (this.#done.has(number)) return;
    this.#done.add(number);
    this.#doneBytes += this.range(number).size;
  }

  /** Whoever was at it has stopped: what is not done is to be taken again. */
  release(): void {
    this.#taken.clear();
    this.#under.clear();
    this.#front = 1;
  }

  /** The bucket has not got these after all. */
  miss(numbers: readonly number[]): void {
    for (const number of numbers) {
      if (this.#done.delete(number)) this.#doneBytes -= this.range(number).size;
    }
    this.release();
  }
}

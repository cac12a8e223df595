import type { Plan } from "./types.ts";

/** Tracks which parts of a file have been sent, and the progress of the others. */
export class Parts {
  readonly #done = new Set<number>();
  readonly #taken = new Set<number>();
  /** The bytes sent of parts in flight, by part number. */
  readonly #inFlight = new Map<number, number>();
  #doneBytes = 0;
  /** All parts with lower numbers are done or taken. */
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
    for (const sent of this.#inFlight.values()) bytes += sent;
    return bytes;
  }

  range(number: number): { readonly offset: number; readonly size: number } {
    const offset = (number - 1) * this.plan.partSize;
    return { offset, size: Math.min(this.plan.partSize, this.fileSize - offset) };
  }

  /** Whether there are parts that are neither done nor taken. */
  get left(): boolean {
    return this.upcoming(1).length > 0;
  }

  /** Take the first part that is neither done nor taken; returns its number. */
  take(): number {
    const [number] = this.upcoming(1);
    if (number === undefined) throw new Error("All parts are taken.");
    this.#front = number + 1;
    this.#taken.add(number);
    return number;
  }

  /** Return the numbers of the next `count` parts to be taken. */
  upcoming(count: number): number[] {
    const numbers: number[] = [];
    for (let n = this.#front; n <= this.plan.partCount && numbers.length < count; n++) {
      if (!this.#done.has(n) && !this.#taken.has(n)) numbers.push(n);
    }
    return numbers;
  }

  progress(number: number, bytes: number): void {
    this.#inFlight.set(number, Math.min(bytes, this.range(number).size));
  }

  finish(number: number): void {
    this.#inFlight.delete(number);
    this.#taken.delete(number);
    if (this.#done.has(number)) return;
    this.#done.add(number);
    this.#doneBytes += this.range(number).size;
  }

  /** Make a part that could not be sent available again. */
  giveBack(number: number): void {
    if (this.#done.has(number)) return;
    this.#taken.delete(number);
    this.#inFlight.delete(number);
    this.#front = Math.min(this.#front, number);
  }

  /** Mark parts as not done, because the bucket reports them missing. */
  miss(numbers: readonly number[]): void {
    for (const number of numbers) {
      if (this.#done.delete(number)) this.#doneBytes -= this.range(number).size;
      this.giveBack(number);
    }
  }
}

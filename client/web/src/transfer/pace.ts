export interface PaceLimits {
  readonly start: number;
  readonly max: number;
  readonly windowMs: number;
}

/** What a further connection must add to be worth it. */
const WORTH = 1.05;
/** So many windows after a step back, one more is tried again: the line may have changed. */
const HOLD_WINDOWS = 20;

/**
 * How many parts are sent at once: one more as long as that makes all of them together faster,
 * half as many after an error. Browsers open 6 connections to a host over HTTP/1.1 and queue what
 * is above; over HTTP/2 more may help. Both show in the throughput, so nobody has to know.
 */
export class Pace {
  #limit: number;
  #bytes = 0;
  #since = 0;
  #movedAt = Number.NEGATIVE_INFINITY;
  #starved = false;
  /** The rate before the last increase, in bytes a millisecond; undefined while nothing is tried. */
  #before: number | undefined;
  #hold = 0;
  #errorAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly limits: PaceLimits,
    private readonly apply: (limit: number) => void,
  ) {
    this.#limit = limits.start;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Bytes went out; `wanting`: more would have gone with a higher limit. */
  moved(bytes: number, wanting: boolean): void {
    const now = Date.now();
    // Nothing was sent for a while: a window that held the pause would look slow.
    if (now - this.#movedAt > this.limits.windowMs) this.#begin(now);
    this.#movedAt = now;
    this.#bytes += bytes;
    if (!wanting) this.#starved = true;
    if (now - this.#since < this.limits.windowMs) return;
    const rate = this.#bytes / (now - this.#since);
    // A window in which there was too little to send says nothing about the line.
    if (!this.#starved) this.#judge(rate);
    this.#begin(now);
  }

  /** A request failed for a reason that fewer at a time may cure. */
  failed(): void {
    const now = Date.now();
    // Requests that run side by side fail together: that is one event.
    if (now - this.#errorAt < 2 * this.limits.windowMs) return;
    this.#errorAt = now;
    this.#before = undefined;
    this.#hold = HOLD_WINDOWS / 4;
    this.#set(Math.max(1, Math.floor(this.#limit / 2)));
    this.#begin(now);
  }

  #judge(rate: number): void {
    if (this.#before !== undefined && rate < this.#before * WORTH) {
      this.#before = undefined;
      this.#hold = HOLD_WINDOWS;
      this.#set(this.#limit - 1);
    } else if (this.#hold > 0) {
      this.#hold -= 1;
    } else if (this.#limit < this.limits.max) {
      this.#before = rate;
      this.#set(this.#limit + 1);
    }
  }

  #begin(now: number): void {
    this.#bytes = 0;
    this.#since = now;
    this.#starved = false;
  }

  #set(limit: number): void {
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.apply(limit);
  }
}

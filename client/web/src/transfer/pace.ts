export interface PaceLimits {
  readonly start: number;
  readonly max: number;
  readonly windowMs: number;
}

/** The factor by which one more connection must raise the throughput to be kept. */
const MIN_GAIN = 1.05;
/** After a step back, wait this many windows before trying again: the network may have changed. */
const HOLD_WINDOWS = 20;

/**
 * Controls how many parts are sent at once: adds one as long as that raises the total throughput,
 * halves the number after an error. Over HTTP/1.1, browsers open 6 connections per host and queue
 * further requests; over HTTP/2, more may help. The throughput shows both, so the protocol need not
 * be known.
 */
export class Pace {
  #limit: number;
  #bytes = 0;
  #since = 0;
  #movedAt = Number.NEGATIVE_INFINITY;
  #starved = false;
  /** The rate before an increase that is on trial, in bytes per millisecond. */
  #previousRate: number | undefined;
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

  /** Record bytes that were sent; `limited` says whether a higher limit would have sent more. */
  moved(bytes: number, limited: boolean): void {
    const now = Date.now();
    // Start a new window after a pause: one that contained the pause would look slow.
    if (now - this.#movedAt > this.limits.windowMs) this.#begin(now);
    this.#movedAt = now;
    this.#bytes += bytes;
    if (!limited) this.#starved = true;
    if (now - this.#since < this.limits.windowMs) return;
    const rate = this.#bytes / (now - this.#since);
    // A window in which there was too little to send says nothing about the network.
    if (!this.#starved) this.#judge(rate);
    this.#begin(now);
  }

  /** Record a failure that fewer parallel requests may prevent. */
  failed(): void {
    const now = Date.now();
    // Parallel requests fail together, so count their failures once.
    if (now - this.#errorAt < 2 * this.limits.windowMs) return;
    this.#errorAt = now;
    this.#previousRate = undefined;
    this.#hold = HOLD_WINDOWS / 4;
    this.#set(Math.max(1, Math.floor(this.#limit / 2)));
    this.#begin(now);
  }

  #judge(rate: number): void {
    if (this.#previousRate !== undefined && rate < this.#previousRate * MIN_GAIN) {
      this.#previousRate = undefined;
      this.#hold = HOLD_WINDOWS;
      this.#set(this.#limit - 1);
    } else if (this.#hold > 0) {
      this.#hold -= 1;
    } else if (this.#limit < this.limits.max) {
      this.#previousRate = rate;
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

export interface PaceLimits {
  readonly start: number;
  readonly max: number;
  readonly windowMs: number;
}

/** The factor by which one more connection must raise the throughput to be kept. */
const MIN_GAIN = 1.05;
/** How many windows to measure before judging a smaller number of parts. */
const TRIAL_WINDOWS = 3;
/** How long one part may take: what is sent of unfinished parts is lost when a page is closed. */
const PART_MS = 5_000;
/**
 * Smaller parts are never too slow: little is lost with them, and how long they take depends on the
 * round trip and on how busy this computer and the service are.
 */
const SLOW_BYTES = 64 * 1024;
/** After a trial that failed, wait this many windows before the next one. */
const UNFITTED_WINDOWS = 40;
/** After a step back, wait this many windows before trying again: the network may have changed. */
const HOLD_WINDOWS = 20;

/**
 * Controls how many parts are sent at once: adds one as long as that raises the total throughput,
 * halves the number after an error. Over HTTP/1.1, browsers open 6 connections per host and queue
 * further requests; over HTTP/2, more may help. The throughput shows both, so the protocol need not
 * be known.
 *
 * On a slow line, few parts are sent at once, so that each of them is soon complete.
 */
export class Pace {
  #limit: number;
  #bytes = 0;
  #filling = false;
  #since = Date.now();
  #starved = false;
  /** The rate before an increase that is on trial, in bytes per millisecond. */
  #previousRate: number | undefined;
  #hold = 0;
  /** A smaller number of parts that is on trial. */
  #trial: { from: number; rate: number; rates: number[] } | undefined;
  /** No trial begins before this time, because the last one lowered the throughput. */
  #unfittedUntil = 0;
  #errorAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly limits: PaceLimits,
    /** Sets the limit; with `fitted`, parts beyond it may be stopped and sent again later. */
    private readonly apply: (limit: number, fitted: boolean) => void,
    /** Returns the sizes in bytes of the parts that are being sent. */
    private readonly sizes: () => readonly number[] = () => [],
  ) {
    this.#limit = limits.start;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Start a new window after a pause: one that contained the pause would look slow. */
  resumed(): void {
    this.#begin(Date.now());
  }

  /**
   * Record bytes that were sent; `limited` says whether a higher limit would have sent more. The
   * first bytes of a request are not `steady`: they only fill buffers.
   */
  moved(bytes: number, limited: boolean, steady = true): void {
    const now = Date.now();
    this.#bytes += bytes;
    if (!steady) this.#filling = true;
    if (!limited) this.#starved = true;
    const elapsed = now - this.#since;
    if (elapsed < this.limits.windowMs) return;
    const rate = this.#bytes / elapsed;
    const fitted = !this.#filling && this.#fit(rate, now);
    // A window in which there was too little to send says nothing about the network.
    if (!fitted && this.#trial === undefined && !this.#starved) this.#judge(rate);
    this.#begin(now);
  }

  /** Record a failure that fewer parallel requests may prevent. */
  failed(): void {
    const now = Date.now();
    // Parallel requests fail together, so count their failures once.
    if (now - this.#errorAt < 2 * this.limits.windowMs) return;
    this.#errorAt = now;
    this.#previousRate = this.#trial = undefined;
    this.#hold = HOLD_WINDOWS / 4;
    this.#set(Math.max(1, Math.floor(this.#limit / 2)));
    this.#begin(now);
  }

  /** Send fewer parts at once if they take too long. Returns whether it decided about the limit. */
  #fit(rate: number, now: number): boolean {
    if (this.#trial !== undefined) return this.#try(this.#trial, rate, now);
    const sizes = this.sizes();
    const most = this.#most(rate, sizes, now);
    if (sizes.length <= most || this.#limit <= most) return false;
    this.#trial = { from: this.#limit, rate, rates: [] };
    this.#previousRate = undefined;
    this.#set(most, true);
    return true;
  }

  /**
   * Judge a smaller number of parts. Where each connection has a limit of its own, the throughput
   * falls with their number; where they share a slow line, it stays.
   */
  #try(trial: { from: number; rate: number; rates: number[] }, rate: number, now: number): true {
    trial.rates.push(rate);
    if (trial.rates.length <= TRIAL_WINDOWS) return true;
    this.#trial = undefined;
    // In the first window, buffers drain.
    const [, ...rates] = trial.rates;
    const kept = rates.reduce((sum, each) => sum + each, 0) / TRIAL_WINDOWS / trial.rate;
    if (kept < (this.#limit / trial.from + 1) / 2) {
      this.#unfittedUntil = now + UNFITTED_WINDOWS * this.limits.windowMs;
      this.#set(trial.from);
    }
    return true;
  }

  /** Return how many parts of these sizes the line sends in the time that one part may take. */
  #most(rate: number, sizes: readonly number[], now: number): number {
    const largest = Math.max(0, ...sizes);
    if (now < this.#unfittedUntil || largest < SLOW_BYTES) return this.limits.max;
    return Math.max(1, Math.floor((rate * PART_MS) / largest));
  }

  #judge(rate: number): void {
    if (this.#previousRate !== undefined && rate < this.#previousRate * MIN_GAIN) {
      this.#previousRate = undefined;
      this.#hold = HOLD_WINDOWS;
      this.#set(this.#limit - 1);
    } else if (this.#hold > 0) {
      this.#hold -= 1;
    } else if (
      this.#limit < Math.min(this.limits.max, this.#most(rate, this.sizes(), Date.now()))
    ) {
      this.#previousRate = rate;
      this.#set(this.#limit + 1);
    }
  }

  #begin(now: number): void {
    this.#bytes = 0;
    this.#filling = false;
    this.#since = now;
    this.#starved = false;
  }

  #set(limit: number, fitted = false): void {
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.apply(limit, fitted);
  }
}

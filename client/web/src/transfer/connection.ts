import { backoffMs, type Backoff } from "./backoff.ts";

/** What the browser knows about its network. */
export interface Line {
  readonly onLine: () => boolean;
  /** Call `listener` on each change; returns what ends that. */
  readonly watch: (listener: () => void) => () => void;
}

export const browserLine: Line = {
  onLine: () => navigator.onLine,
  watch: (listener) => {
    addEventListener("online", listener);
    addEventListener("offline", listener);
    return () => {
      removeEventListener("online", listener);
      removeEventListener("offline", listener);
    };
  },
};

/** So many failures in a row are no accident. */
const FAILURES = 3;
/** So many probes fail before a server is given up that the browser believes it can reach. */
const PROBES = 25;

/**
 * The way to one server. While it is down, one request at a time probes it, at growing intervals
 * and as soon as the browser says it is online; all others wait. `navigator.onLine` alone is not
 * believed: it is true behind a dead router.
 */
export class Connection {
  #down = false;
  #failures = 0;
  #probes = 0;
  #probing = false;
  #nextProbeAt = 0;
  readonly #sleepers = new Set<() => void>();
  readonly #unwatch: () => void;

  constructor(
    private readonly line: Line,
    private readonly backoff: Backoff,
    private readonly random: () => number,
    private readonly onChange: () => void,
  ) {
    if (!line.onLine()) this.#down = true;
    this.#unwatch = line.watch(() => {
      this.#probes = 0;
      this.#nextProbeAt = 0;
      if (!line.onLine()) this.#goDown();
      this.#wake();
    });
  }

  get down(): boolean {
    return this.#down;
  }

  /** The browser is online, but nothing has come through for long. */
  get hopeless(): boolean {
    return this.#down && this.line.onLine() && this.#probes >= PROBES;
  }

  /** Resolves when a request may be tried. */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.#down) {
      const waitMs = this.#nextProbeAt - Date.now();
      if (waitMs <= 0) {
        // Whoever probes may be cancelled, so the others wait no longer than this.
        this.#nextProbeAt = Date.now() + this.backoff.capMs;
        this.#probing = true;
        return;
      }
      await this.#sleep(waitMs, signal);
    }
  }

  /** The server has answered, whatever it said. */
  worked(): void {
    this.#failures = 0;
    this.#probes = 0;
    if (!this.#down) return;
    this.#down = false;
    this.#wake();
    this.onChange();
  }

  /** No answer came. */
  failed(): void {
    this.#failures += 1;
    if (!this.#down) {
      if (this.#failures < FAILURES && this.line.onLine()) return;
      this.#nextProbeAt = Date.now() + backoffMs(1, this.backoff, this.random);
      this.#goDown();
    } else if (this.#probing) {
      // Requests from before it went down say nothing new.
      this.#probing = false;
      if (this.line.onLine()) this.#probes += 1;
      this.#nextProbeAt = Date.now() + backoffMs(this.#probes + 1, this.backoff, this.random);
      this.#wake();
    }
  }

  close(): void {
    this.#unwatch();
  }

  #goDown(): void {
    if (this.#down) return;
    this.#down = true;
    this.onChange();
  }

  #wake(): void {
    for (const wake of [...this.#sleepers]) wake();
  }

  /** Until the time is over, or something has changed. */
  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        signal.removeEventListener("abort", abort);
      };
      const wake = () => {
        end();
        resolve();
      };
      const abort = () => {
        end();
        reject(signal.reason as Error);
      };
      const timer = setTimeout(wake, ms);
      this.#sleepers.add(wake);
      signal.addEventListener("abort", abort);
    });
  }
}

import { abortable } from "./abortable.ts";
import { backoffMs, type Backoff } from "./backoff.ts";

/** The browser's network status. */
export interface Line {
  readonly onLine: () => boolean;
  /** Call `listener` on each change. Returns a function that unsubscribes it. */
  readonly watch: (listener: () => void) => () => void;
}

export const browserLine: Line = {
  onLine: () => (globalThis.navigator as Partial<Navigator> | undefined)?.onLine ?? true,
  watch: (listener) => {
    // On a server, a queue may be created, although it sends nothing there.
    if (typeof window === "undefined") return () => undefined;
    addEventListener("online", listener);
    addEventListener("offline", listener);
    return () => {
      removeEventListener("online", listener);
      removeEventListener("offline", listener);
    };
  },
};

/** A server counts as down after this many consecutive failures. */
const MAX_FAILURES = 3;
/** After this many failed probes while the browser is online, transfers fail instead of waiting. */
const MAX_PROBES = 25;

/**
 * The connection to one server. While the server is down, one request at a time probes it: at
 * growing intervals, and when the browser goes online. All other requests wait. `navigator.onLine`
 * alone is not enough: it is true behind a dead router.
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

  /** Whether the browser says that it has no network. */
  get offline(): boolean {
    return !this.line.onLine();
  }

  /** Whether to give up: the browser is online, but too many probes have failed. */
  get hopeless(): boolean {
    return this.#down && this.line.onLine() && this.#probes >= MAX_PROBES;
  }

  /** Wait until a request may be sent. */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.#down) {
      const waitMs = this.#nextProbeAt - Date.now();
      if (waitMs <= 0) {
        // A probe may be cancelled, so let another request probe after this time.
        this.#nextProbeAt = Date.now() + this.backoff.capMs;
        this.#probing = true;
        return;
      }
      await this.#sleep(waitMs, signal);
    }
  }

  /** Record that the server responded, even if with an error. */
  worked(): void {
    this.#failures = 0;
    this.#probes = 0;
    if (!this.#down) return;
    this.#down = false;
    this.#wake();
    this.onChange();
  }

  /** Record that the server did not respond. */
  failed(): void {
    this.#failures += 1;
    if (!this.#down) {
      if (this.#failures < MAX_FAILURES && this.line.onLine()) return;
      this.#nextProbeAt = Date.now() + backoffMs(1, this.backoff, this.random);
      this.#goDown();
    } else if (this.#probing) {
      // Only probes count: requests sent before the server went down may fail late.
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

  /** Sleep until the time is over or #wake is called. */
  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return abortable(signal, (resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
      };
      const wake = () => {
        end();
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#sleepers.add(wake);
      return end;
    });
  }
}

import { NAME, randomId } from "./name.ts";

/** What a tab tells the others of its uploads. */
export interface TabReport {
  readonly tab: string;
  readonly files: number;
  readonly bytesSent: number;
  readonly bytesTotal: number;
  /** The uploads that are being sent: id, state, bytes sent, size. */
  readonly uploads: readonly (readonly [id: string, state: string, sent: number, size: number])[];
}

/** The tabs of one user in this browser. Each holds a lock as long as it is open. */
export class Tabs {
  readonly id = randomId();
  readonly #channel: BroadcastChannel;
  readonly #locks = (navigator as Partial<Navigator>).locks;
  readonly #watched = new Set<string>([this.id]);
  readonly #closed = new AbortController();

  constructor(
    private readonly user: string,
    onReport: (report: TabReport) => void,
    /** Called when a new tab asks for a report. */
    onAsk: () => void,
  ) {
    this.#channel = new BroadcastChannel(`${NAME}:${user}`);
    this.#channel.onmessage = ({ data }: MessageEvent<TabReport | null>) =>
      data === null ? onAsk() : onReport(data);
    this.#channel.postMessage(null);
    void this.#locks
      ?.request(this.#lock(this.id), () => aborted(this.#closed.signal))
      .catch(() => undefined);
  }

  report(report: TabReport): void {
    this.#channel.postMessage(report);
  }

  /**
   * Call `onEnd` once another tab has ended. If several tabs wait, their callbacks run one at
   * a time: each starts after the promise of the previous one has settled.
   */
  watch(tab: string, onEnd: () => Promise<void>): void {
    if (this.#watched.has(tab)) return;
    this.#watched.add(tab);
    // Without locks (on plain HTTP), nothing tells whether the tab is open.
    const ended = this.#locks?.request(this.#lock(tab), { signal: this.#closed.signal }, onEnd);
    (ended ?? onEnd()).catch(() => undefined);
  }

  /**
   * Become the tab that sends an upload. Resolves to the function that gives this up, or to
   * undefined if another tab is sending the upload.
   */
  lead(uploadId: string): Promise<(() => void) | undefined> {
    const locks = this.#locks;
    const nothing = () => undefined;
    if (locks === undefined) return Promise.resolve(nothing);
    return new Promise((resolve) => {
      locks
        .request(this.#lock(uploadId), { ifAvailable: true }, (lock) =>
          lock === null
            ? resolve(undefined)
            : new Promise<void>((release) => resolve(() => release())),
        )
        .catch(() => resolve(nothing));
    });
  }

  close(): void {
    this.#closed.abort();
    this.#channel.close();
  }

  #lock(tab: string): string {
    return `${NAME}:${this.user}:${tab}`;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

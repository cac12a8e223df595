import type { ApolloClient } from "@apollo/client";

/** Changes that come together share a refetch. */
const TOGETHER_MS = 300;
const INTERVAL_MS = 5000;
/** How many new uploads within the interval the library shows one by one. */
const FEW = 50;

/**
 * Keeps the page up to date while files are uploaded, at a rate that does not depend on their
 * number: the library shows a few new uploads at once. Of many, it fetches the first page by itself
 * (see useLive), and the usage is fetched every few seconds.
 */
export class Refetches {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refetchedAt = 0;
  #arrivals = { count: 0, since: 0 };

  constructor(private readonly client: ApolloClient) {}

  /** Count new uploads, and return whether there are few of them. */
  areFew(uploads: number): boolean {
    const now = Date.now();
    if (now - this.#arrivals.since > INTERVAL_MS) this.#arrivals = { count: 0, since: now };
    this.#arrivals.count += uploads;
    return this.#arrivals.count <= FEW;
  }

  /** Fetch the usage again soon, if the page shows it. */
  refetchUsage(): void {
    const waitMs = Math.max(TOGETHER_MS, this.#refetchedAt + INTERVAL_MS - Date.now());
    this.#timer ??= setTimeout(() => this.#run(), waitMs);
  }

  #run(): void {
    this.#timer = undefined;
    this.#refetchedAt = Date.now();
    for (const query of this.client.getObservableQueries()) {
      if (query.queryName === "UsageMeter") query.refetch().catch(() => undefined);
    }
  }
}

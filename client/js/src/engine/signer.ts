import type { PartChoice, PartRequest } from "./types.ts";

/** A URL is renewed this long before it expires, or in the last quarter of a shorter lifetime. */
const MARGIN_MS = 30_000;
const MAX_BATCH = 1000;

interface Waiting {
  readonly choice: PartChoice;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Provides the signed requests of one upload, fetched in batches when needed. */
export class Signer {
  readonly #signed = new Map<number, { readonly request: PartRequest; readonly until: number }>();
  #waiting: Waiting[] = [];
  #asking = false;

  /** `ahead` returns parts that will be needed next, to be signed in the same call. */
  constructor(
    private readonly ask: (parts: readonly PartChoice[]) => Promise<readonly PartRequest[]>,
    private readonly ahead: () => readonly PartChoice[],
  ) {}

  /** Store signed requests for later use. */
  keep(requests: readonly PartRequest[]): void {
    for (const request of requests) {
      const lifetime = lifetimeMs(request);
      const until = Date.now() + lifetime - Math.min(MARGIN_MS, lifetime / 4);
      this.#signed.set(request.number, { request, until });
    }
  }

  /** Return the request for a part, signing it anew if it expires soon. */
  async get(choice: PartChoice): Promise<PartRequest> {
    for (;;) {
      const found = this.#signed.get(choice.number);
      if (found !== undefined && this.#isFresh(choice.number)) return found.request;
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push({ choice, resolve, reject });
        if (!this.#asking) void this.#flush();
      });
      // Use what has just been signed, even if the clock jumped or the lifetime is very short.
      const fresh = this.#signed.get(choice.number);
      if (fresh !== undefined) return fresh.request;
    }
  }

  /** Forget a request that was refused or has been used. */
  drop(number: number): void {
    this.#signed.delete(number);
  }

  async #flush(): Promise<void> {
    this.#asking = true;
    await Promise.resolve(); // Parts that are requested in the same tick share a batch.
    while (this.#waiting.length > 0) {
      // Some of these parts may have been signed in advance while they waited.
      for (const { resolve } of this.#takeFresh()) resolve();
      const batch = this.#waiting.splice(0, MAX_BATCH);
      if (batch.length === 0) break;
      const choices = new Map(batch.map(({ choice }) => [choice.number, choice]));
      for (const choice of this.ahead()) {
        const wanted = !choices.has(choice.number) && !this.#isFresh(choice.number);
        if (wanted && choices.size < MAX_BATCH) choices.set(choice.number, choice);
      }
      try {
        this.keep(await this.ask([...choices.values()]));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#asking = false;
  }

  #takeFresh(): Waiting[] {
    const fresh = this.#waiting.filter(({ choice }) => this.#isFresh(choice.number));
    this.#waiting = this.#waiting.filter((waiting) => !fresh.includes(waiting));
    return fresh;
  }

  #isFresh(number: number): boolean {
    return (this.#signed.get(number)?.until ?? 0) > Date.now();
  }
}

/**
 * Return the lifetime of a URL that was signed just now. Prefers X-Amz-Expires, since `expiresAt`
 * depends on the local clock.
 */
function lifetimeMs({ url, expiresAt }: PartRequest): number {
  const seconds = /[?&]X-Amz-Expires=(\d+)/.exec(url)?.[1];
  return seconds === undefined ? Date.parse(expiresAt) - Date.now() : Number(seconds) * 1000;
}

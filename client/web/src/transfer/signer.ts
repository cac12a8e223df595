import type { PartChoice, PartRequest } from "./types.ts";

/** A URL is not used any more when it ends so soon, or in the last quarter of a short life. */
const MARGIN_MS = 30_000;
const MOST_AT_ONCE = 1000;

interface Waiting {
  readonly choice: PartChoice;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The signed requests of one upload, asked for in batches when they are needed. */
export class Signer {
  readonly #signed = new Map<number, { readonly request: PartRequest; readonly until: number }>();
  #waiting: Waiting[] = [];
  #asking = false;

  /** `ahead` names parts that are wanted next, to be signed in the same call. */
  constructor(
    private readonly ask: (parts: readonly PartChoice[]) => Promise<readonly PartRequest[]>,
    private readonly ahead: () => readonly PartChoice[],
  ) {}

  keep(requests: readonly PartRequest[]): void {
    for (const request of requests) {
      const life = lifeMs(request);
      const until = Date.now() + life - Math.min(MARGIN_MS, life / 4);
      this.#signed.set(request.number, { request, until });
    }
  }

  /** The request for a part, renewed if it ends soon. */
  async get(choice: PartChoice): Promise<PartRequest> {
    for (;;) {
      const found = this.#signed.get(choice.number);
      if (found !== undefined && this.#isFresh(choice.number)) return found.request;
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push({ choice, resolve, reject });
        if (!this.#asking) void this.#flush();
      });
      // A clock that jumps, or a URL of a short life: what has just been signed is good.
      const fresh = this.#signed.get(choice.number);
      if (fresh !== undefined) return fresh.request;
    }
  }

  /** Forget a request: it is refused, or has been used. */
  drop(number: number): void {
    this.#signed.delete(number);
  }

  async #flush(): Promise<void> {
    this.#asking = true;
    await Promise.resolve(); // Parts that come in the same tick go together.
    while (this.#waiting.length > 0) {
      // Some may have been signed ahead, while they waited.
      for (const { resolve } of this.#takeFresh()) resolve();
      const batch = this.#waiting.splice(0, MOST_AT_ONCE);
      if (batch.length === 0) break;
      const choices = new Map(batch.map(({ choice }) => [choice.number, choice]));
      for (const choice of this.ahead()) {
        const wanted = !choices.has(choice.number) && !this.#isFresh(choice.number);
        if (wanted && choices.size < MOST_AT_ONCE) choices.set(choice.number, choice);
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
 * How long the URL works from now on. It says so itself where S3 signed it; `expiresAt` is only as
 * good as this machine's clock.
 */
function lifeMs({ url, expiresAt }: PartRequest): number {
  const seconds = /[?&]X-Amz-Expires=(\d+)/.exec(url)?.[1];
  return seconds === undefined ? Date.parse(expiresAt) - Date.now() : Number(seconds) * 1000;
}

export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Return the delay in milliseconds before retry number `attempt` (from 0): exponential with full
 * jitter, so that clients that failed together don't retry together.
 */
export function backoffMs(
  attempt: number,
  { baseMs, capMs }: Backoff,
  random: () => number,
): number {
  return random() * Math.min(capMs, baseMs * 2 ** attempt);
}

export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort, { once: true });
  });
}

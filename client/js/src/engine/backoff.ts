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

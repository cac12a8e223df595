import type { SettledFields } from "../api/completeUploads.ts";

export type Watched = Pick<SettledFields, "id" | "status" | "processing">;

/** At most as many uploads as this are in one poll. */
const AT_ONCE = 25;

/**
 * Return the ids of the uploads to ask the service for. Files whose previews are being made come
 * first, in the order of their requests: the others may stay incomplete for days.
 */
export function pendingIds(uploads: readonly Watched[]): string[] {
  const idsOf = (pending: readonly Watched[]) => pending.map(({ id }) => id).sort();
  const processing = idsOf(uploads.filter((upload) => upload.processing === "PENDING"));
  const incomplete = idsOf(uploads.filter((upload) => upload.status === "PENDING"));
  return [...new Set([...processing, ...incomplete.reverse()])].slice(0, AT_ONCE);
}

/** At most one poll per tenth of the time that has passed: one per minute after ten minutes. */
const SHARE = 0.1;

/** Lets polls for the same uploads through less and less often. */
export class Pace {
  #ids = "";
  #startedAt = 0;
  #polledAt = 0;

  /** Return whether to poll for these uploads now; if so, the wait for the next poll begins. */
  takesTurn(ids: readonly string[], now: number): boolean {
    if (this.#ids !== ids.join()) {
      this.#ids = ids.join();
      this.#startedAt = now;
    } else if (now - this.#polledAt < (now - this.#startedAt) * SHARE) return false;
    this.#polledAt = now;
    return true;
  }
}

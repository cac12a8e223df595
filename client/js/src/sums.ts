import type { UploadState } from "./engine/index.ts";
import type { Entry } from "./entry.ts";
import { Meter } from "./meter.ts";
import type { Counts } from "./types.ts";

export const NO_FILES = {
  ...{ queued: 0, requesting: 0, hashing: 0, uploading: 0, waiting: 0, retrying: 0, paused: 0 },
  ...{ completing: 0, missing: 0, stored: 0, failed: 0, cancelled: 0 },
} satisfies Counts;

/** The sums over all files, kept up to date by differences. */
export class Sums {
  counts: Record<UploadState, number> = { ...NO_FILES };
  bytesSent = 0;
  bytesTotal = 0;
  reopenable = 0;
  readonly meter = new Meter();
  readonly #known = new Map<Entry, { state: UploadState; total: number }>();

  /** Count what has changed about an entry. */
  update(entry: Entry): void {
    const before = this.#known.get(entry);
    const { state } = entry;
    if (before?.state !== state) {
      this.#count(before?.state, entry, -1);
      this.#count(state, entry, 1);
      if (before !== undefined && state === "stored") this.meter.add(0, 1);
    }
    const total = entry.counts ? entry.saved.size : 0;
    const sent = entry.counts ? entry.bytesSent : 0;
    // Bytes that an earlier page sent do not count towards the speed.
    const moved = sent - entry.counted;
    if (entry.counted > 0 || state === "uploading" || state === "stored") this.meter.add(moved, 0);
    this.bytesTotal += total - (before?.total ?? 0);
    this.bytesSent += moved;
    entry.counted = sent;
    this.#known.set(entry, { state, total });
  }

  remove(entry: Entry): void {
    const before = this.#known.get(entry);
    if (before === undefined) return;
    this.#known.delete(entry);
    this.#count(before.state, entry, -1);
    this.bytesTotal -= before.total;
    this.bytesSent -= entry.counted;
    entry.counted = 0;
  }

  get unfinished(): number {
    const { stored, failed, missing, cancelled } = this.counts;
    return this.#known.size - stored - failed - missing - cancelled;
  }

  #count(state: UploadState | undefined, { saved }: Entry, change: number): void {
    if (state === undefined) return;
    this.counts[state] += change;
    if (state === "missing" && saved.handle !== undefined) this.reopenable += change;
  }
}

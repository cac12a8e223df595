import type { UploadItem } from "media-upload";

const WINDOW_MS = 5000;
const MIN_MS = 1000;

/** Measures how fast the files that the tray shows are being sent. */
export class Speeds {
  readonly #samples = new Map<string, { at: number; bytes: number }[]>();

  /** Return a file's speed in bytes per second; undefined until it is known. */
  read({ id, state, bytesSent }: UploadItem): number | undefined {
    if (state !== "uploading") {
      this.#samples.delete(id);
      return undefined;
    }
    const now = performance.now();
    const samples = this.#samples.get(id) ?? [];
    this.#samples.set(id, samples);
    samples.push({ at: now, bytes: bytesSent });
    while (samples[1] !== undefined && now - samples[1].at > WINDOW_MS) samples.shift();
    const first = samples[0] ?? { at: now, bytes: bytesSent };
    const ms = now - first.at;
    const bytes = bytesSent - first.bytes;
    return ms < MIN_MS || bytes <= 0 ? undefined : Math.round((bytes / ms) * 1000);
  }
}

const WINDOW_MS = 10_000;
const SAMPLE_MS = 500;
/** From this many finished files on, the estimate also considers the number of files left. */
const MIN_FILES = 5;

interface Sample {
  readonly at: number;
  readonly bytes: number;
  readonly files: number;
}

/** Measures the speed of the last seconds. */
export class Meter {
  readonly #samples: Sample[] = [];
  #moved = { bytes: 0, files: 0 };

  /** Record bytes and files that were sent; bytes may be negative if they are sent again. */
  add(bytes: number, files: number): void {
    this.#moved = { bytes: this.#moved.bytes + bytes, files: this.#moved.files + files };
  }

  /** Start anew, such as after a pause. */
  reset(): void {
    this.#samples.length = 0;
  }

  /** Return the speed, and the time that the rest will take if both can be known. */
  read(bytesLeft: number, filesLeft: number) {
    const now = Date.now();
    const last = this.#samples.at(-1);
    if (last === undefined || now - last.at >= SAMPLE_MS) {
      this.#samples.push({ at: now, ...this.#moved });
    }
    while (this.#samples[1] !== undefined && now - this.#samples[1].at > WINDOW_MS) {
      this.#samples.shift();
    }
    const first = this.#samples[0];
    const seconds = (now - (first?.at ?? now)) / 1000;
    if (first === undefined || seconds < 1) return { bytesPerSecond: 0, secondsLeft: undefined };
    const bytesPerSecond = Math.max(0, this.#moved.bytes - first.bytes) / seconds;
    const files = this.#moved.files - first.files;
    if (bytesPerSecond === 0) return { bytesPerSecond, secondsLeft: undefined };
    const byFiles = files >= MIN_FILES ? (filesLeft / files) * seconds : 0;
    return { bytesPerSecond, secondsLeft: Math.max(bytesLeft / bytesPerSecond, byFiles) };
  }
}

import type { Entry } from "./entry.ts";

/** The places of the list, in their order. */
export type Place = "attention" | "active" | "queued" | "done";

/**
 * The files in the order of their display. A change of one file takes the same time whether there
 * are ten files or ten thousand. Only the user's actions take time that grows with the list.
 */
export class List {
  readonly attention: Entry[] = [];
  readonly active = new Set<Entry>();
  #queued: Entry[] = [];
  /** Queued files before this index have been taken. */
  #head = 0;
  readonly done: Entry[] = [];
  #shown: Entry[] | undefined;

  get size(): number {
    return this.attention.length + this.active.size + this.queued + this.done.length;
  }

  get queued(): number {
    return this.#queued.length - this.#head;
  }

  at(index: number): Entry | undefined {
    let at = index;
    if (at < this.attention.length) return this.attention[at];
    at -= this.attention.length;
    this.#shown ??= [...this.active];
    if (at < this.#shown.length) return this.#shown[at];
    at -= this.#shown.length;
    if (at < this.queued) return this.#queued[this.#head + at];
    at -= this.queued;
    return this.done.at(-1 - at);
  }

  /** Return the next queued file. */
  next(): Entry | undefined {
    return this.#queued[this.#head];
  }

  /** Put a file at a place; in the queue, at its end or at its front. */
  put(entry: Entry, place: Place, front = false): void {
    this.remove(entry);
    entry.place = place;
    if (place === "active") {
      this.active.add(entry);
      this.#shown = undefined;
    } else if (place !== "queued") this[place].push(entry);
    else if (!front) this.#queued.push(entry);
    else if (this.#head > 0) this.#queued[--this.#head] = entry;
    else this.#queued.unshift(entry);
  }

  remove(entry: Entry): void {
    const { place } = entry;
    entry.place = undefined;
    if (place === "active") {
      this.active.delete(entry);
      this.#shown = undefined;
    } else if (place === "queued") {
      if (this.next() === entry) this.#head += 1;
      else this.#queued.splice(this.#queued.indexOf(entry, this.#head), 1);
      if (this.#head < 1000 && this.#head < this.#queued.length) return;
      this.#queued.splice(0, this.#head);
      this.#head = 0;
    } else if (place !== undefined) this[place].splice(this[place].indexOf(entry), 1);
  }

  /** Take the chosen ones of the files that need attention. */
  takeAttention(chosen: (entry: Entry) => boolean): Entry[] {
    const taken = this.attention.filter(chosen);
    const kept = this.attention.filter((entry) => !chosen(entry));
    this.attention.length = 0;
    for (const entry of kept) this.attention.push(entry);
    for (const entry of taken) entry.place = undefined;
    return taken;
  }

  /** Return all files; a copy. */
  all(): Entry[] {
    return [...this.attention, ...this.active, ...this.#queued.slice(this.#head), ...this.done];
  }
}

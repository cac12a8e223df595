import type { Entry } from "./entry.ts";
import type { AddOptions } from "./types.ts";

/** Finds the files of the list by their ids, and those that may be the same as another. */
export class Known {
  readonly #byId = new Map<string, Entry>();
  readonly #byUpload = new Map<string, Entry>();
  /** The unfinished files with each name, size and time. */
  readonly #alike = new Map<string, Entry[]>();

  add(entry: Entry): void {
    this.#byId.set(entry.saved.id, entry);
    this.requested(entry);
    const key = likeness(entry.saved);
    const alike = this.#alike.get(key);
    if (alike === undefined) this.#alike.set(key, [entry]);
    else alike.push(entry);
  }

  /** Note the id of an entry's upload, if it has one. */
  requested(entry: Entry): void {
    const { uploadId } = entry.saved;
    if (uploadId !== undefined) this.#byUpload.set(uploadId, entry);
  }

  /** From now on, another file with the same name is a new one. */
  finish(entry: Entry): void {
    const key = likeness(entry.saved);
    const others = this.#alike.get(key)?.filter((other) => other !== entry) ?? [];
    if (others.length > 0) this.#alike.set(key, others);
    else this.#alike.delete(key);
  }

  forget(entry: Entry): void {
    this.finish(entry);
    const { id, uploadId } = entry.saved;
    this.#byId.delete(id);
    if (uploadId !== undefined) this.#byUpload.delete(uploadId);
  }

  byId(id: string): Entry | undefined {
    return this.#byId.get(id);
  }

  byUpload(uploadId: string): Entry | undefined {
    return this.#byUpload.get(uploadId);
  }

  /** Return an unfinished file that may be this one; its bytes may still differ. */
  like(file: File, name: string, { uploadId, clientToken }: AddOptions): Entry | undefined {
    if (uploadId !== undefined) return this.#byUpload.get(uploadId);
    if (clientToken !== undefined) return this.#byId.get(clientToken);
    const alike = this.#alike.get(likeness(file)) ?? [];
    const same = alike.find((entry) => entry.saved.name === name);
    // A file that is chosen again may come without its folders.
    return same ?? alike.find(({ state }) => state === "missing" && !name.includes("/"));
  }
}

function likeness({ name, size, lastModified }: Pick<File, "name" | "size" | "lastModified">) {
  return `${name.slice(name.lastIndexOf("/") + 1)}|${size}|${lastModified}`;
}

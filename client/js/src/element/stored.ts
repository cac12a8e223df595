import type { UploadItem, Uploads } from "../types.ts";
import { restored, type FormPart } from "./form.ts";

/** The stored files, whose ids are the form's values. */
export class Stored {
  readonly #items = new Map<string, UploadItem>();
  /** Those that were there when the user came back to the page; the queue does not know them. */
  #restored: readonly UploadItem[] = [];
  #isChanged = false;
  /** Whether a value was removed, so that all must be set again. */
  #isShrunk = false;

  constructor(private readonly form: FormPart) {}

  get ids(): readonly string[] {
    return [...this.#items.values()].flatMap(({ uploadId }) => uploadId ?? []);
  }

  get size(): number {
    return this.#items.size;
  }

  get restored(): readonly UploadItem[] {
    return this.#restored;
  }

  /** Begin with what a queue has stored already; undefined if there is no queue. */
  begin(uploads: Uploads | undefined): void {
    this.#items.clear();
    for (const item of this.#restored) this.#items.set(item.id, item);
    for (let index = 0; index < (uploads?.snapshot.files ?? 0); index++) {
      const item = uploads?.at(index);
      if (item?.state === "stored") this.#items.set(item.id, item);
    }
    this.write();
  }

  /** Take over what the browser has kept. */
  restore(state: FormData): void {
    this.#restored = restored(state);
    for (const item of this.#restored) this.#items.set(item.id, item);
    this.write();
  }

  /** Add a file; returns whether it is new. */
  add(item: UploadItem): boolean {
    if (this.#items.has(item.id) || item.uploadId === undefined) return false;
    this.#items.set(item.id, item);
    this.form.add(item);
    return (this.#isChanged = true);
  }

  remove({ id }: UploadItem): void {
    if (!this.#items.delete(id)) return;
    this.#restored = this.#restored.filter((item) => item.id !== id);
    this.#isChanged = this.#isShrunk = true;
  }

  clear(): void {
    this.#items.clear();
    this.#restored = [];
    this.#isChanged = false;
    this.write();
  }

  /** Return whether anything has changed since the last call, once the form has it. */
  settle(): boolean {
    const isChanged = this.#isChanged;
    if (this.#isShrunk) this.write();
    this.#isChanged = false;
    return isChanged;
  }

  /** Set all values of the form, such as after a change of its name. */
  write(): void {
    this.#isShrunk = false;
    this.form.set(this.#items.values());
  }
}

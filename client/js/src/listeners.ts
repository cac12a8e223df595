import type { UploadItem } from "./types.ts";

const TICK_MS = 100;

/** Reports changes to the page: of a file's state at once, of the list at most every 100 ms. */
export class Listeners {
  readonly #list = new Set<() => void>();
  readonly #items = new Set<(item: UploadItem) => void>();
  #tick: ReturnType<typeof setTimeout> | undefined;
  #tickedAt = 0;

  /** `onTick` is called before the listeners. */
  constructor(private readonly onTick: () => void) {}

  subscribe(listener: () => void): () => void {
    this.#list.add(listener);
    return () => this.#list.delete(listener);
  }

  watch(listener: (item: UploadItem) => void): () => void {
    this.#items.add(listener);
    return () => this.#items.delete(listener);
  }

  /** Tell the watchers of a file's new state. */
  tell(item: UploadItem): void {
    for (const listener of this.#items) listener(item);
  }

  /** Tell the listeners of the list soon, at most once per tick. */
  changed(): void {
    this.#tick ??= setTimeout(
      () => {
        this.#tick = undefined;
        this.#tickedAt = Date.now();
        this.onTick();
        for (const listener of this.#list) listener();
      },
      Math.max(0, this.#tickedAt + TICK_MS - Date.now()),
    );
  }

  close(): void {
    clearTimeout(this.#tick);
    this.#list.clear();
    this.#items.clear();
    askBeforeLeaving(false);
  }
}

/** Turn the browser's question before the user leaves the page on or off. */
export function askBeforeLeaving(ask: boolean): void {
  // A server has no window to leave.
  if (typeof window === "undefined") return;
  if (ask) window.addEventListener("beforeunload", question);
  else window.removeEventListener("beforeunload", question);
}

function question(event: Event): void {
  event.preventDefault();
}

import { build, write } from "./build.ts";

const SOON_MS = 500;
const SELDOM_MS = 15_000;

/** Tells screen readers about the whole list: soon if something new happens, else now and then. */
export class Live {
  readonly node = build("p", { name: "live" });
  #text = "";
  #kind = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.node.setAttribute("role", "status");
  }

  /** Announce a text; one of the same kind as the last one can wait. */
  say(text: string, kind: string): void {
    this.#text = text;
    const isNew = kind !== this.#kind;
    this.#kind = kind;
    if (isNew) this.silence();
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        write(this.node, this.#text);
      },
      isNew ? SOON_MS : SELDOM_MS,
    );
  }

  silence(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

import type { UploadItem } from "../types.ts";
import { build, button, draw, icon, isolated, progressBar, write, type IconName } from "./build.ts";
import { visibleName } from "./names.ts";
import { isSmall, share, type MediaUploadTexts } from "./texts.ts";

/** What the user does with a file. */
export type Action = "pause" | "resume" | "retry" | "again" | "reopen" | "cancel";

const PAUSABLE = /^(queued|requesting|hashing|uploading|waiting)$/;
const MOVING = /^(hashing|uploading|retrying|waiting|paused|completing)$/;

/** A file of the list. Its nodes stay the same when its state changes, so that they keep the focus. */
export class Row {
  readonly node: HTMLLIElement;
  readonly #icon = icon("file");
  readonly #name: HTMLElement;
  readonly #about: HTMLElement;
  readonly #problem: HTMLElement;
  readonly #progress = progressBar();
  readonly #remedy: HTMLButtonElement;
  readonly #toggle: HTMLButtonElement;
  readonly #toggleIcon = icon("pause");
  readonly #cancel: HTMLButtonElement;
  #item: UploadItem | undefined;
  #texts: MediaUploadTexts | undefined;

  constructor(act: (action: Action, item: UploadItem) => void) {
    const does = (action: (item: UploadItem) => Action | undefined) => () => {
      const chosen = this.#item && action(this.#item);
      if (this.#item !== undefined && chosen !== undefined) act(chosen, this.#item);
    };
    this.#remedy = button("", "action", does(remedyOf));
    this.#toggle = button("icon", "action", does(toggleOf), this.#toggleIcon);
    this.#cancel = button(
      "icon",
      "action",
      does(() => "cancel"),
      icon("cancel"),
    );
    const [name, nameLine] = isolated({ name: "name" });
    const [about, aboutLine] = isolated({ name: "about", part: "state" });
    const [problem, problemLine] = isolated({ name: "problem" });
    this.#name = name;
    this.#about = about;
    this.#problem = problem;
    const lines = [nameLine, aboutLine, problemLine, this.#progress];
    this.node = build(
      "li",
      { part: "item" },
      this.#icon,
      build("div", { name: "text", part: "" }, ...lines),
      build("div", { name: "actions" }, this.#remedy, this.#toggle, this.#cancel),
    );
  }

  show(item: UploadItem, texts: MediaUploadTexts): void {
    if (item === this.#item && texts === this.#texts) return;
    const { name, size, state, bytesSent } = item;
    const isSame = state === this.#item?.state && texts === this.#texts;
    this.#item = item;
    this.#texts = texts;
    write(this.#about, `${texts.state(item)} · ${texts.size(size)}`);
    this.#progress.value = share(bytesSent, size);
    write(this.#problem, item.problem === undefined ? "" : texts.problem(item));
    if (!isSame) this.#enter(item, texts, visibleName(name));
  }

  focus(): void {
    this.#cancel.focus();
  }

  /** Show what depends on the state only, not on the progress. */
  #enter(item: UploadItem, texts: MediaUploadTexts, name: string): void {
    const { state, size } = item;
    const remedy = remedyOf(item);
    const toggle = toggleOf(item);
    const hasFocus = (this.node.getRootNode() as ShadowRoot).activeElement;
    this.node.className = state;
    draw(this.#icon, iconOf(item));
    write(this.#name, name);
    this.#progress.hidden = isSmall(size) || !MOVING.test(state);
    this.#progress.setAttribute("aria-label", name);
    this.#remedy.hidden = remedy === undefined;
    this.#toggle.hidden = toggle === undefined;
    if (remedy !== undefined) {
      const text = texts[remedy === "reopen" ? "resume" : remedy];
      write(this.#remedy, text);
      label(this.#remedy, text, name);
    }
    if (toggle !== undefined) {
      draw(this.#toggleIcon, toggle);
      label(this.#toggle, texts[toggle], name);
    }
    const isOver = state === "stored" || state === "failed";
    label(this.#cancel, isOver ? texts.remove : texts.cancel, name);
    // A hidden button loses the focus.
    if (hasFocus instanceof HTMLElement && hasFocus.hidden && this.node.contains(hasFocus)) {
      this.focus();
    }
  }
}

/** Name a button by what it does and its file. */
function label(node: HTMLButtonElement, text: string, name: string): void {
  node.setAttribute("aria-label", `${text}: ${name}`);
  // Only an icon needs an explanation.
  if (node.className === "icon") node.title = text;
}

/** Return what continues a file that does not go on by itself. */
function remedyOf({ state, problem, retryable, reopenable }: UploadItem) {
  if (state === "missing") return reopenable ? "reopen" : "again";
  if (state === "retrying") return "retry";
  if (state !== "failed" || !retryable) return undefined;
  return problem?.kind === "file" ? "again" : "retry";
}

function toggleOf({ state }: UploadItem): "pause" | "resume" | undefined {
  return state === "paused" ? "resume" : PAUSABLE.test(state) ? "pause" : undefined;
}

function iconOf({ state }: UploadItem): IconName {
  if (state === "stored") return "check";
  return state === "failed" || state === "missing" ? "warning" : "file";
}

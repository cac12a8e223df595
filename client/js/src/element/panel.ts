import type { ChosenFile } from "../files.ts";
import type { UploadItem, UploadsSnapshot } from "../types.ts";
import { build, button, icon, isolated, progressBar, slot, write } from "./build.ts";
import { listenToDrops } from "./drops.ts";
import { Live } from "./live.ts";
import type { Action } from "./row.ts";
import { Rows } from "./rows.ts";
import { styleSheet } from "./style.ts";
import { ENGLISH, share, type MediaUploadTexts } from "./texts.ts";

/** What the panel asks of the element. */
export interface Receiver {
  /** Add files; instead of a failed one, if the user chose its file again. */
  readonly add: (files: Iterable<File | ChosenFile>, instead?: UploadItem) => void;
  /** Do something with one file, or with all of them. */
  readonly act: (action: Exclude<Action, "again">, item?: UploadItem) => void;
}

/** What the panel shows of a queue. */
export interface Shown {
  readonly snapshot: UploadsSnapshot;
  readonly at: (index: number) => UploadItem | undefined;
}

/** All that is in the shadow tree. */
export class Panel {
  readonly choose: HTMLButtonElement;
  readonly #input = build("input");
  readonly #label = slot("label");
  readonly #chooseText = slot("button");
  readonly #empty = slot("empty");
  readonly #drop: HTMLElement;
  readonly #status = isolated({ part: "status" });
  readonly #rest = isolated({ name: "soft", part: "" });
  readonly #total = progressBar();
  readonly #pause: HTMLButtonElement;
  readonly #retry: HTMLButtonElement;
  readonly #reopen: HTMLButtonElement;
  readonly #sum: HTMLElement;
  readonly #rows: Rows;
  readonly #more = build("p", { name: "soft", part: "" });
  readonly #live = new Live();
  /** Disables all that it contains. */
  readonly #all = build("fieldset");
  #texts = ENGLISH;
  #paused = false;
  /** The file that the user chooses again. */
  #again: UploadItem | undefined;

  constructor(
    host: HTMLElement,
    private readonly receiver: Receiver,
  ) {
    const { act, add } = receiver;
    this.choose = button("main", "button", () => this.#open(), this.#chooseText);
    this.#drop = build(
      "div",
      { name: "drop", part: "drop-area" },
      ...[icon("upload"), this.#label, this.choose],
    );
    this.#pause = button("", "action", () => act(this.#paused ? "resume" : "pause"));
    this.#retry = button("", "action", () => act("retry"));
    this.#reopen = button("", "action", () => act("reopen"));
    const line = build("p", {}, this.#status[1], this.#rest[1]);
    const actions = [this.#reopen, this.#retry, this.#pause];
    this.#sum = build("div", { name: "sum", part: "sum" }, line, ...actions, this.#total);
    this.#rows = new Rows(
      (action, item) => (action === "again" ? this.#open(item) : act(action, item)),
      this.choose,
    );
    const more = [this.#more, this.#empty, this.#live.node];
    this.#all.append(this.#drop, this.#input, this.#sum, this.#rows.list, ...more);
    // The element itself is the group.
    this.#all.setAttribute("role", "none");
    this.#setUpInput();
    const root = host.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [styleSheet()];
    root.append(this.#all);
    // Of a `<label>`, or of a script: the shadow tree's own clicks have other targets.
    host.addEventListener("click", (event) => {
      if (event.composedPath()[0] === host && this.#isOpen) this.#open();
    });
    listenToDrops(host, {
      area: this.#drop,
      allowed: () => this.#isOpen,
      add,
    });
    this.texts = ENGLISH;
  }

  get texts(): MediaUploadTexts {
    return this.#texts;
  }

  set texts(texts: MediaUploadTexts) {
    this.#texts = texts;
    write(this.#label, texts.label);
    write(this.#chooseText, texts.choose);
    write(this.#retry, texts.retry);
    write(this.#reopen, texts.reopen);
    this.#total.setAttribute("aria-label", texts.total);
    this.#rows.list.setAttribute("aria-label", texts.list);
  }

  /** Set which files the user can choose. */
  configure(input: Pick<HTMLInputElement, "accept" | "multiple" | "webkitdirectory">): void {
    Object.assign(this.#input, input);
  }

  /** Show a queue; undefined if there is none yet. */
  show(shown: Shown | undefined, disabled: boolean): void {
    const files = shown?.snapshot.files ?? 0;
    this.#all.disabled = disabled;
    this.choose.disabled = shown === undefined;
    this.#empty.hidden = files > 0;
    this.#drop.classList.toggle("small", files > 0);
    this.#rows.list.hidden = files === 0;
    const others = this.#rows.show(files, (index) => shown?.at(index), this.#texts);
    this.#showNotes(others, shown?.snapshot.skipped ?? 0);
    this.#sum.hidden = shown === undefined || !this.#showSum(shown.snapshot);
  }

  /** Stop announcements, because the element has left the page. */
  leave(): void {
    this.#live.silence();
  }

  /** Whether files can be added. */
  get #isOpen(): boolean {
    return !this.choose.matches(":disabled");
  }

  #showNotes(others: number, skipped: number): void {
    const { more, skipped: about } = this.#texts;
    const notes = [others > 0 && more(others), skipped > 0 && about(skipped)].filter(Boolean);
    write(this.#more, notes.join(" · "));
    this.#more.hidden = notes.length === 0;
  }

  /** Show the sums; returns whether there is anything to tell. */
  #showSum(snapshot: UploadsSnapshot): boolean {
    const { counts, unfinished, bytesSent, bytesTotal, paused, reopenable, problem } = snapshot;
    const texts = this.#texts;
    const status = texts.status(snapshot);
    const runs = unfinished > 0;
    this.#paused = paused;
    write(this.#status[0], status);
    write(this.#rest[0], runs ? texts.progress(snapshot) : "");
    this.#sum.classList.toggle("stopped", problem !== undefined);
    this.#sum.classList.toggle("paused", paused);
    this.#total.hidden = this.#pause.hidden = !runs;
    this.#total.value = share(bytesSent, bytesTotal);
    write(this.#pause, paused ? texts.resume : texts.pause);
    this.#retry.hidden = counts.failed < 2;
    this.#reopen.hidden = reopenable === 0;
    const kind = [runs, paused, counts.failed > 0, counts.missing > 0, problem?.message];
    this.#live.say(status, kind.join());
    return status !== "";
  }

  #setUpInput(): void {
    const input = this.#input;
    input.type = "file";
    input.hidden = true;
    input.addEventListener("change", () => {
      const files = [...(input.files ?? [])];
      input.value = "";
      if (files.length > 0) this.receiver.add(files, this.#again);
    });
  }

  /** Let the user choose files; `again` is the one whose file is missing. */
  #open(again?: UploadItem): void {
    this.#again = again;
    this.#input.click();
  }
}

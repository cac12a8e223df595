import type { ChosenFile } from "../files.ts";
import type { GetToken } from "../service.ts";
import type { UploadItem, Uploads } from "../types.ts";
import { createUploads } from "../uploads.ts";
import { ATTRIBUTES, PROPERTIES, reflect } from "./attributes.ts";
import { FormPart } from "./form.ts";
import { Panel, type Shown } from "./panel.ts";
import { Stored } from "./stored.ts";
import { ENGLISH, type MediaUploadTexts } from "./texts.ts";

/** A server has no HTMLElement; there, the class is never used. */
const Base =
  typeof HTMLElement === "undefined" ? (Object as unknown as typeof HTMLElement) : HTMLElement;

/** `<media-upload endpoint="…">`. */
export class MediaUploadElement extends Base {
  static readonly formAssociated = true;
  static readonly observedAttributes = ATTRIBUTES;

  static {
    reflect(this.prototype);
  }

  // These reflect the attributes.
  declare endpoint: string;
  declare user: string;
  declare name: string;
  declare accept: string;
  /** Separated by commas. */
  declare tags: string;
  declare multiple: boolean;
  declare directory: boolean;
  declare required: boolean;
  declare disabled: boolean;
  declare max: number;
  declare maxBytes: number;

  #uploads: Uploads | undefined;
  /** Whether the element has created the queue, and so closes it. */
  #owns = false;
  #unsubscribe: () => void = () => undefined;
  #getToken: GetToken | undefined;
  #disabledByForm = false;
  readonly #form = new FormPart(this);
  readonly #stored = new Stored(this.#form);
  readonly #panel = new Panel(this, {
    add: (files, instead) => void this.#add(files, instead),
    act: (action, item) => {
      if (action === "reopen") void this.#uploads?.reopen();
      else if (item !== undefined && this.#stored.restored.includes(item)) this.#forget(item);
      else void this.#uploads?.[action](item?.id);
    },
  });

  /** Returns the access token of the user; see `UploadsOptions`. */
  get getToken(): GetToken | undefined {
    return this.#getToken;
  }

  set getToken(getToken: GetToken | undefined) {
    this.#getToken = getToken;
    this.#start();
  }

  /** The queue; set it to share one with the page. Without it, the element creates its own. */
  get uploads(): Uploads | undefined {
    return this.#uploads;
  }

  set uploads(uploads: Uploads | undefined) {
    this.#stop();
    if (uploads !== undefined) this.#use(uploads, false);
    else this.#start();
  }

  /** The texts; set some of them to replace the English ones. */
  get texts(): MediaUploadTexts {
    return this.#panel.texts;
  }

  set texts(texts: Partial<MediaUploadTexts>) {
    this.#panel.texts = { ...ENGLISH, ...texts };
    this.#show();
  }

  /** The ids of the uploads that are stored. */
  get ids(): readonly string[] {
    return this.#stored.ids;
  }

  get form(): HTMLFormElement | null {
    return this.#form.internals?.form ?? this.closest("form");
  }

  get validity(): ValidityState | undefined {
    return this.#form.internals?.validity;
  }

  get validationMessage(): string {
    return this.#form.internals?.validationMessage ?? "";
  }

  checkValidity(): boolean {
    return this.#form.internals?.checkValidity() ?? true;
  }

  reportValidity(): boolean {
    return this.#form.internals?.reportValidity() ?? true;
  }

  connectedCallback(): void {
    // A property that was set before the class was defined hides the accessor.
    for (const name of ["getToken", "uploads", "texts", ...PROPERTIES]) {
      if (!Object.hasOwn(this, name)) continue;
      const value: unknown = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
    if (this.#uploads !== undefined) this.#use(this.#uploads, this.#owns);
    this.#start();
    this.#show();
  }

  disconnectedCallback(): void {
    this.#panel.leave();
    // An element that is only moved is connected again at once.
    queueMicrotask(() => {
      if (this.isConnected) return;
      if (this.#owns) this.#stop();
      else this.#unsubscribe();
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if ((name === "endpoint" || name === "user") && this.#owns) this.#stop();
    if (name === "name") this.#stored.write();
    this.#start();
    this.#show();
  }

  formDisabledCallback(disabled: boolean): void {
    this.#disabledByForm = disabled;
    this.#show();
  }

  /** Empty the list. A queue that belongs to the page keeps its files. */
  formResetCallback(): void {
    if (this.#owns) void this.#uploads?.cancel();
    this.#stored.clear();
    this.#show();
  }

  /** Show the stored files again when the user comes back to the page. */
  formStateRestoreCallback(state: unknown): void {
    if (!(state instanceof FormData)) return;
    this.#stored.restore(state);
    this.#show();
  }

  /** Whether the user chooses one file only, which replaces the one before. */
  get #isSingle(): boolean {
    return !this.multiple && !this.directory;
  }

  /** Create the queue as soon as all that it needs is there. */
  #start(): void {
    if (this.#uploads !== undefined || !this.isConnected) return;
    if (this.endpoint === "" || this.#getToken === undefined) return;
    const { endpoint, user } = this;
    const options = { endpoint, user, getToken: (rejected?: string) => this.#getToken?.(rejected) };
    // Read at each file, since attributes may change.
    Object.defineProperties(options, {
      accept: { get: () => this.accept },
      maxFileBytes: { get: () => this.maxBytes },
      maxFiles: {
        get: () => (this.#isSingle ? Infinity : this.max - this.#stored.restored.length),
      },
    });
    this.#use(createUploads(options), true);
  }

  #use(uploads: Uploads, owns: boolean): void {
    this.#unsubscribe();
    this.#uploads = uploads;
    this.#owns = owns;
    const ends = [
      uploads.subscribe(() => this.#update()),
      uploads.watch((item) => this.#follow(item)),
    ];
    this.#unsubscribe = () => ends.forEach((end) => end());
    this.#stored.begin(uploads);
    this.#show();
  }

  #stop(): void {
    this.#unsubscribe();
    if (this.#owns) void this.#uploads?.close();
    this.#uploads = undefined;
    this.#stored.begin(undefined);
    this.#show();
  }

  async #add(files: Iterable<File | ChosenFile>, instead?: UploadItem): Promise<void> {
    const uploads = this.#uploads;
    if (instead?.state === "failed") void uploads?.cancel(instead.id);
    const tags = this.tags
      .split(",")
      .map((tag) => tag.trim())
      .filter(Boolean);
    const chosen = this.#isSingle ? [...files].slice(0, 1) : files;
    const added = await uploads?.add(chosen, { ...(tags.length > 0 && { tags }) });
    const [first] = added ?? [];
    if (this.#isSingle && first !== undefined && first.state !== "failed") this.#keepOnly(first.id);
  }

  /** Remove all other files, as `<input type="file">` does. A queue of the page keeps its own. */
  #keepOnly(id: string): void {
    const uploads = this.#uploads;
    if (uploads === undefined || !this.#owns) return;
    for (const item of this.#stored.restored) this.#forget(item);
    for (let index = uploads.snapshot.files - 1; index >= 0; index--) {
      const other = uploads.at(index);
      if (other !== undefined && other.id !== id) void uploads.cancel(other.id);
    }
  }

  #forget(item: UploadItem): void {
    this.#stored.remove(item);
    this.#update();
  }

  /** Follow a file's state. The list is shown, and `change` fired, once for several events. */
  #follow(item: UploadItem): void {
    if (this.#uploads?.find(item.id) === undefined) this.#stored.remove(item);
    else if (item.state === "failed") this.#tell("upload-failed", item);
    else if (item.state === "stored" && this.#stored.add(item)) this.#tell("upload-stored", item);
  }

  #tell(type: string, detail: UploadItem): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** Show what has changed; then let the page know, which may send the form at once. */
  #update(): void {
    const isChanged = this.#stored.settle();
    this.#show();
    if (isChanged) this.dispatchEvent(new Event("change", { bubbles: true, composed: true }));
  }

  get #shown(): Shown | undefined {
    const uploads = this.#uploads;
    if (uploads === undefined) return undefined;
    const { snapshot } = uploads;
    const { files, counts } = snapshot;
    const others = this.#stored.restored;
    const stored = counts.stored + others.length;
    return {
      snapshot: { ...snapshot, files: files + others.length, counts: { ...counts, stored } },
      at: (index) => (index < files ? uploads.at(index) : others[index - files]),
    };
  }

  #show(): void {
    const { accept, multiple, directory } = this;
    const shown = this.#shown;
    this.#panel.configure({ accept, multiple, webkitdirectory: directory });
    this.#panel.show(shown, this.#disabledByForm || this.disabled);
    const customError = (shown?.snapshot.unfinished ?? 0) > 0;
    const valueMissing = !customError && this.required && this.#stored.size === 0;
    const { running, required } = this.texts;
    const message = customError ? running : valueMissing ? required : "";
    this.#form.validate(message, { customError, valueMissing }, this.#panel.choose);
  }
}

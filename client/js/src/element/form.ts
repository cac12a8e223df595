import type { UploadItem } from "../types.ts";

type Kept = Pick<UploadItem, "name" | "type" | "size">;

/** What a form gets of the element: the ids of the stored uploads, and whether it may be sent. */
export class FormPart {
  readonly #internals: ElementInternals | undefined;
  /** The value of a browser that has no form-associated elements. */
  readonly #inputs: HTMLInputElement[] = [];
  #value = new FormData();
  /** What the browser keeps for when the user comes back to the page: the files by their ids. */
  #state = new FormData();

  constructor(private readonly host: HTMLElement & { readonly name: string }) {
    const internals = (host as Partial<HTMLElement>).attachInternals?.();
    this.#internals =
      internals !== undefined && "setFormValue" in internals ? internals : undefined;
    // Lets a `<label>` name the element.
    if (this.#internals !== undefined) this.#internals.role = "group";
  }

  /** Set all values: one per upload, under the element's name. */
  set(items: Iterable<UploadItem>): void {
    this.#value = new FormData();
    this.#state = new FormData();
    for (const input of this.#inputs.splice(0)) input.remove();
    for (const item of items) this.#append(item);
    this.#commit();
  }

  /** Add one value: setting all of them each time would be slow with thousands of files. */
  add(item: UploadItem): void {
    this.#append(item);
    this.#commit();
  }

  /** Say why the form can't be sent yet; the message is empty if it can. */
  validate(message: string, flags: ValidityStateFlags, anchor: HTMLElement): void {
    if (this.#internals === undefined || message === this.#internals.validationMessage) return;
    this.#internals.setValidity(flags, message, anchor);
  }

  get internals(): ElementInternals | undefined {
    return this.#internals;
  }

  #append({ uploadId = "", name, type, size }: UploadItem): void {
    this.#state.append(uploadId, JSON.stringify({ name, type, size } satisfies Kept));
    const formName = this.host.name;
    if (formName === "") return;
    this.#value.append(formName, uploadId);
    if (this.#internals !== undefined) return;
    // Old browsers get hidden inputs. Never both, since the form would send each id twice.
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: formName, value: uploadId });
    this.#inputs.push(input);
    this.host.append(input);
  }

  #commit(): void {
    this.#internals?.setFormValue(this.#value, this.#state);
  }
}

/** Return the stored files of a state that the browser has kept. */
export function restored(state: FormData): UploadItem[] {
  return [...state].map(([uploadId, kept]) => {
    const { name, type, size } = JSON.parse(kept as string) as Kept;
    const gone = { problem: undefined, retryable: false, reopenable: false };
    const item = { id: uploadId, uploadId, name, type, size, bytesSent: size, ...gone };
    return { ...item, state: "stored" };
  });
}

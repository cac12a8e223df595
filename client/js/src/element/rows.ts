import type { UploadItem } from "../types.ts";
import { build } from "./build.ts";
import { Row } from "./row.ts";
import type { MediaUploadTexts } from "./texts.ts";

/** How many files are shown; those that need attention or are being sent come first. */
const SHOWN = 50;

/** The list of files, with at most 50 rows however many files there are. */
export class Rows {
  readonly list = build("ul", { part: "list" });
  readonly #rows = new Map<string, Row>();
  #shown: readonly Row[] = [];

  /** `fallback` gets the focus when the last row is removed. */
  constructor(
    private readonly act: ConstructorParameters<typeof Row>[0],
    private readonly fallback: HTMLElement,
  ) {
    // Without it, Safari does not announce a list that has no bullets.
    this.list.setAttribute("role", "list");
  }

  /** Show the first files; returns how many others there are. */
  show(
    files: number,
    at: (index: number) => UploadItem | undefined,
    texts: MediaUploadTexts,
  ): number {
    const indices = Array.from({ length: Math.min(files, SHOWN) }, (_, index) => index);
    const items = indices.flatMap((index) => at(index) ?? []);
    const { focused } = this;
    const place = this.#shown.findIndex(({ node }) => node.contains(focused));
    this.#keep(new Set(items.map(({ id }) => id)));
    this.#shown = items.map((item, index) => this.#show(item, index, texts));
    if (place >= 0) this.#refocus(focused, place);
    return files - items.length;
  }

  #show(item: UploadItem, index: number, texts: MediaUploadTexts): Row {
    const row = this.#rows.get(item.id) ?? new Row(this.act);
    this.#rows.set(item.id, row);
    row.show(item, texts);
    const there = this.list.children[index] ?? null;
    if (there !== row.node) this.list.insertBefore(row.node, there);
    return row;
  }

  /** Remove all other rows. */
  #keep(ids: ReadonlySet<string>): void {
    for (const [id, { node }] of this.#rows) {
      if (ids.has(id)) continue;
      node.remove();
      this.#rows.delete(id);
    }
  }

  /** Give the focus back to what had it, or to what is now in its place. */
  #refocus(before: HTMLElement | null, place: number): void {
    if (before === null || this.focused === before) return;
    const next = this.#shown[Math.min(place, this.#shown.length - 1)];
    if (this.list.contains(before)) before.focus();
    else (next ?? this.fallback).focus();
  }

  private get focused(): HTMLElement | null {
    return (this.list.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
  }
}

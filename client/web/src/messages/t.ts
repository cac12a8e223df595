import type { Messages } from "./types.ts";
import { language } from "./language.ts";

/**
 * A piece of a message: a text; a value; a value that chooses a form (of a plural, or by name); or
 * an element with what is inside.
 */
export type Part =
  | string
  | readonly [value: string]
  | readonly [value: string, forms: Readonly<Record<string, readonly Part[]>>]
  | readonly [tag: string, children: readonly Part[]];

/** What the build puts into the code in place of an id: its key in other languages, and English. */
type Compiled = string | readonly [key: number, ...parts: Part[]];

export type MessageId = keyof Messages<unknown, unknown>;
/** The ids of messages without values. */
export type PlainId = {
  [Id in MessageId]: keyof Messages<unknown, unknown>[Id] extends never ? Id : never;
}[MessageId];
/** A message that is chosen in one place and shown in another. */
export interface Message {
  readonly __message: true;
}
export type Values<Id extends MessageId, Text, Tag> = keyof Messages<Text, Tag>[Id] extends never
  ? []
  : [values: Messages<Text, Tag>[Id]];

/** Return a message in the language of the page. The id must be a literal: the build reads it. */
export function t<Id extends MessageId>(
  id: Id | Message,
  ...values: Values<Id, string | number, never>
): string {
  return filled(id, values[0], (pieces) => pieces.join("")) as string;
}

/** Mark a message that has no values, for `t` in another place. */
export function message(id: PlainId): Message {
  return id as unknown as Message;
}

/** Return a message with its values in place; `join` makes one of its pieces. */
export function filled(
  id: MessageId | Message,
  values: object | undefined,
  join: (pieces: unknown[]) => unknown,
): unknown {
  const compiled = id as unknown as Compiled;
  const [key, ...english] = typeof compiled === "string" ? [compiled, compiled] : compiled;
  const known = values as Readonly<Record<string, unknown>>;
  function fill(parts: readonly Part[]): unknown {
    return join(parts.map(piece));
  }
  function piece(part: Part): unknown {
    if (typeof part === "string") return part;
    const [name, inner] = part;
    const value = known[name];
    if (inner === undefined) return typeof value === "number" ? formatNumber(value) : value;
    if (isChildren(inner)) return (value as (children: unknown) => unknown)(fill(inner));
    return fill(inner[`=${String(value)}`] ?? inner[formOf(value)] ?? inner["other"] ?? []);
  }
  return fill(language.messages?.[key] ?? english);
}

/** `Array.isArray` does not know arrays that are read-only. */
function isChildren(inner: object): inner is readonly Part[] {
  return Array.isArray(inner);
}

let plurals: Intl.PluralRules | undefined;
let numbers: Intl.NumberFormat | undefined;

function formOf(value: unknown): string {
  plurals ??= new Intl.PluralRules(language.tag);
  return typeof value === "number" ? plurals.select(value) : String(value);
}

/** Format a number as the language of the page writes it: "1,234". */
export function formatNumber(value: number): string {
  numbers ??= new Intl.NumberFormat(language.tag);
  return numbers.format(value);
}

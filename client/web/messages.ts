import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, TYPE, type MessageFormatElement } from "@formatjs/icu-messageformat-parser";
import type { Plugin } from "vite";
import type { Part } from "./src/messages/t.ts";

const FOLDER = join(import.meta.dirname, "messages");
const ENGLISH = "en";
/** A language for tests: longer than English and right to left. It is made from the English texts. */
export const PSEUDO = "ar-XB";
const CALL = /\b((?:t|rich|message)\(\s*)"([\w.]+)"/g;
const LANGUAGES = "virtual:languages";
const CATALOGUE = "virtual:messages/";
const RIGHT_TO_LEFT = /^(Adlm|Arab|Hebr|Mand|Nkoo|Rohg|Syrc|Thaa)$/;

/** The messages of a language by id, in the syntax of ICU MessageFormat. */
export type Messages = Readonly<Record<string, string>>;

/**
 * Put each English message into the code that uses it, as `t("id")` and its kin, so that a page
 * loads its own texts only. All messages of another language are one chunk, which is loaded before
 * the first render.
 */
export function messages(): Plugin {
  return {
    name: "messages",
    enforce: "pre",
    resolveId(id) {
      return id === LANGUAGES || id.startsWith(CATALOGUE) ? `\0${id}` : undefined;
    },
    async load(id) {
      if (id === `\0${LANGUAGES}`) return languagesModule([PSEUDO, ...(await translations())]);
      if (!id.startsWith(`\0${CATALOGUE}`)) return undefined;
      const tag = id.slice(CATALOGUE.length + 1);
      const english = await messagesOf(ENGLISH);
      const translated = tag === PSEUDO ? undefined : await messagesOf(tag);
      return catalogueModule(tag, english, translated);
    },
    transform: {
      filter: { id: /\/src\/.*\.tsx?$/, code: CALL },
      async handler(code, id) {
        this.addWatchFile(join(FOLDER, `${ENGLISH}.json`));
        return { code: withMessages(code, await messagesOf(ENGLISH), id), map: null };
      },
    },
  };
}

export async function messagesOf(tag: string): Promise<Messages> {
  return JSON.parse(await readFile(join(FOLDER, `${tag}.json`), "utf8")) as Messages;
}

/** Return the tags of the languages other than English. */
export async function translations(): Promise<string[]> {
  const names = (await readdir(FOLDER)).map((name) => name.replace(/\.json$/, ""));
  return names.filter((name) => name !== ENGLISH);
}

/** Replace the ids in the code of a module with the English messages. */
export function withMessages(code: string, english: Messages, file: string): string {
  return code.replace(CALL, (_call, start: string, id: string) => {
    const text = english[id];
    if (text === undefined) throw new Error(`${file}: messages/en.json has no "${id}".`);
    const key = keyOf(english, id);
    const built = typeof key === "string" ? key : [key, ...compile(text, id)];
    return start + JSON.stringify(built);
  });
}

/**
 * Return what stands for a message in the code: the text itself, or a number if it has values or if
 * another message has the same text.
 */
function keyOf(english: Messages, id: string): string | number {
  const [text, ...others] = compile(english[id] ?? "", id);
  const same = Object.values(english).filter((other) => other === english[id]);
  const plain = typeof text === "string" && others.length === 0 && same.length === 1;
  return plain ? text : Object.keys(english).indexOf(id);
}

function languagesModule(tags: readonly string[]): string {
  const loaders = tags.map((tag) => `${JSON.stringify(tag)}: () => import("${CATALOGUE}${tag}")`);
  return `export const languages = { ${loaders.join(", ")} };`;
}

/** Return the module with all messages of a language; those that are missing stay English. */
function catalogueModule(tag: string, english: Messages, translated: Messages | undefined): string {
  const entries = Object.entries(english).flatMap(([id, text]) => {
    const other = translated === undefined ? pseudo(parsed(text, id)) : translated[id];
    if (other === undefined) return [];
    const parts = typeof other === "string" ? compile(other, id) : compileAll(other, id);
    requireSameValues(id, compile(text, id), parts);
    return [[keyOf(english, id), parts] as const];
  });
  for (const id of Object.keys(translated ?? {})) {
    if (!Object.hasOwn(english, id)) throw new Error(`messages/en.json has no "${id}".`);
  }
  const script = new Intl.Locale(tag).maximize().script ?? "";
  const direction = RIGHT_TO_LEFT.test(script) ? "rtl" : "ltr";
  return (
    `export const direction = ${JSON.stringify(direction)};\n` +
    `export const messages = ${JSON.stringify(Object.fromEntries(entries))};`
  );
}

function requireSameValues(id: string, english: readonly Part[], other: readonly Part[]): void {
  const names = (parts: readonly Part[]) => [...valuesOf(parts).keys()].sort().join(", ");
  if (names(english) === names(other)) return;
  throw new Error(`"${id}" needs the values ${names(english)}, and has ${names(other)}.`);
}

function parsed(text: string, id: string): MessageFormatElement[] {
  try {
    return parse(text, { captureLocation: false });
  } catch (error) {
    throw new Error(`The message "${id}" is not valid: ${String(error)}`, { cause: error });
  }
}

/** Compile a message into texts and values; see `Part`. */
export function compile(text: string, id: string): readonly Part[] {
  return compileAll(parsed(text, id), id);
}

function compileAll(
  elements: readonly MessageFormatElement[],
  id: string,
  counted?: string,
): Part[] {
  return elements.map((element): Part => {
    switch (element.type) {
      case TYPE.literal:
        return element.value;
      case TYPE.argument:
      case TYPE.number:
        return [element.value];
      case TYPE.pound:
        return [counted ?? ""];
      case TYPE.tag:
        return [element.value, compileAll(element.children, id, counted)];
      case TYPE.select:
      case TYPE.plural: {
        const inner = element.type === TYPE.plural ? element.value : counted;
        const forms = Object.entries(element.options).map(
          ([name, { value }]) => [name, compileAll(value, id, inner)] as const,
        );
        return [element.value, Object.fromEntries(forms)];
      }
      default:
        throw new Error(`"${id}" contains a date or time: format it where the message is used.`);
    }
  });
}

type Kind = "text" | "number" | "tag";

/** Return the names of a message's values, with what each must be. */
function valuesOf(parts: readonly Part[], values = new Map<string, Kind>()): Map<string, Kind> {
  for (const part of parts) {
    if (typeof part === "string") continue;
    const [name, inner] = part;
    if (inner === undefined) values.set(name, values.get(name) ?? "text");
    else if (Array.isArray(inner)) valuesOf(inner as Part[], values.set(name, "tag"));
    else {
      const forms = inner as Readonly<Record<string, readonly Part[]>>;
      const counts = Object.keys(forms).some((form) => form === "one" || form.startsWith("="));
      values.set(name, counts ? "number" : "text");
      for (const form of Object.values(forms)) valuesOf(form, values);
    }
  }
  return values;
}

/** Return the types of all messages' values, as the source of a module. */
export function typesOf(english: Messages): string {
  const types = { text: "Text", number: "number", tag: "Tag" };
  const lines = Object.entries(english).map(([id, text]) => {
    const values = [...valuesOf(compile(text, id))].map(
      ([name, kind]) => `readonly ${name}: ${types[kind]}`,
    );
    return `  readonly "${id}": ${values.length === 0 ? "object" : `{ ${values.join("; ")} }`};`;
  });
  return [
    "// Written by `npm run codegen` from messages/en.json.",
    "/** The values of each message; `Text` is what may stand for a value, `Tag` for an element. */",
    "export interface Messages<Text, Tag> {",
    ...lines,
    "}",
    "",
  ].join("\n");
}

const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ACCENTED = "áƀçðéƒğĥíĵķļɱñóþɋřšţúṽŵẋýžÅƁÇÐÉƑĞĤÍĴĶĻṀÑÓÞǪŘŠŢÚṼŴẊÝŽ";

/** Return a message with accents, longer vowels and brackets; values stay as they are. */
export function pseudo(elements: readonly MessageFormatElement[]): MessageFormatElement[] {
  const bracket = (value: string): MessageFormatElement => ({ type: TYPE.literal, value });
  return [bracket("⟦"), ...elements.map(accented), bracket("⟧")];
}

function accented(element: MessageFormatElement): MessageFormatElement {
  switch (element.type) {
    case TYPE.literal: {
      const longer = element.value.replace(/[aeiou]/g, "$&$&");
      return {
        ...element,
        value: longer.replace(/[A-Za-z]/g, (each) => ACCENTED.charAt(PLAIN.indexOf(each))),
      };
    }
    case TYPE.tag:
      return { ...element, children: element.children.map(accented) };
    case TYPE.select:
    case TYPE.plural: {
      const options = Object.entries(element.options).map(([name, option]) => [
        name,
        { ...option, value: option.value.map(accented) },
      ]);
      return { ...element, options: Object.fromEntries(options) as typeof element.options };
    }
    default:
      return element;
  }
}

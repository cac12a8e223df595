import { createElement, type ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { parse } from "@formatjs/icu-messageformat-parser";
import { beforeEach, expect, it, vi } from "vitest";
import { compile, messagesOf, PSEUDO, pseudo, typesOf, withMessages } from "../../messages.ts";
import type { t } from "../../src/messages/t.ts";

const english = {
  "test.plain": "Close",
  "test.same": "Open",
  "test.other": "Open",
  "test.files": "{count, plural, one {# file} other {# files}} of {name}",
  "test.rich": "New here? <link>Create {what}</link>",
};

it("puts the English text into the code that uses it", () => {
  const code = withMessages('t("test.plain"); rich( "test.rich", values)', english, "a.ts");
  expect(code).toBe('t("Close"); rich( [4,"New here? ",["link",["Create ",["what"]]]], values)');
});

it("gives equal texts different keys, since other languages may tell them apart", () => {
  expect(withMessages('message("test.other")', english, "a.ts")).toBe('message([2,"Open"])');
});

it("stops the build at an unknown id", () => {
  expect(() => withMessages('t("test.none")', english, "src/a.ts")).toThrow(
    'src/a.ts: messages/en.json has no "test.none".',
  );
});

it("writes the types of the values", () => {
  expect(typesOf(english)).toContain(
    'readonly "test.files": { readonly count: number; readonly name: Text };',
  );
  expect(typesOf(english)).toContain(
    'readonly "test.rich": { readonly link: Tag; readonly what: Text };',
  );
});

it("accents, lengthens and brackets the pseudo-locale, but no values", () => {
  expect(pseudo(parse("Size of {name}", { captureLocation: false }))).toMatchObject([
    { value: "⟦" },
    { value: "Šíížéé óóƒ " },
    { value: "name" },
    { value: "⟧" },
  ]);
});

type Id = Parameters<typeof t>[0];

/** Return what the build puts into the code for an id. */
async function built<I extends Id>(id: I): Promise<I> {
  const [, code = ""] = withMessages(`t("${id as string}"`, await messagesOf("en"), "a.ts").split(
    "t(",
  );
  return JSON.parse(code) as I;
}

/** Load the runtime anew, in a language. */
async function runtime(tag: string) {
  vi.stubGlobal("localStorage", { getItem: () => tag });
  vi.stubGlobal("document", { documentElement: { lang: "en", dir: "" } });
  const { loadLanguage } = await import("../../src/messages/language.ts");
  await loadLanguage();
  const { t } = await import("../../src/messages/t.ts");
  const { rich } = await import("../../src/messages/rich.ts");
  return { t, rich };
}

beforeEach(() => {
  vi.resetModules();
  return () => vi.unstubAllGlobals();
});

it("formats numbers and chooses plurals", async () => {
  const { t } = await runtime("en");
  const files = await built("library.files");
  expect([1, 0, 1234].map((count) => t(files, { count }))).toEqual([
    "1 file",
    "0 files",
    "1,234 files",
  ]);
});

it("prefers the form for an exact number", async () => {
  const { t } = await runtime("en");
  const parts = compile("{count, plural, =0 {none} one {#} other {#}}", "test.exact");
  const exact = [0, ...parts] as unknown as "library.files";
  expect([0, 1].map((count) => t(exact, { count }))).toEqual(["none", "1"]);
});

it("puts elements into sentences", async () => {
  const { rich } = await runtime("en");
  const name = createElement("b", null, "Ada");
  const sentence = rich(await built("accounts.signedInAs"), { name }) as ReactElement;
  expect(renderToStaticMarkup(sentence)).toBe("You are signed in as <b>Ada</b>.");
});

it("shows another language, in its direction", async () => {
  const { t } = await runtime(PSEUDO);
  expect(t(await built("library.files"), { count: 12 })).toBe("⟦12 ƒííļééš⟧");
  expect(document.documentElement).toEqual({ lang: PSEUDO, dir: "rtl" });
});

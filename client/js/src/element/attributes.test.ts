import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ATTRIBUTES, PROPERTIES, reflect } from "./attributes.ts";

test("the README names all attributes", async () => {
  const readme = await readFile(join(import.meta.dirname, "../../README.md"), "utf8");
  const section = readme.split(/^## /m).find((each) => each.startsWith("The element\n")) ?? "";
  expect(ATTRIBUTES.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
});

/** What `reflect` needs of an element. */
class FakeElement {
  readonly attributes = new Map<string, string>();
  getAttribute = (name: string) => this.attributes.get(name) ?? null;
  setAttribute = (name: string, value: string) => void this.attributes.set(name, value);
  removeAttribute = (name: string) => void this.attributes.delete(name);
  toggleAttribute = (name: string, on: boolean) =>
    on ? this.setAttribute(name, "") : this.removeAttribute(name);
}

test("properties reflect the attributes", () => {
  reflect(FakeElement.prototype as unknown as HTMLElement);
  const element = new FakeElement();
  const read = () =>
    Object.fromEntries(PROPERTIES.map((name) => [name, Reflect.get(element, name)]));
  const text = { endpoint: "", user: "", name: "", accept: "", tags: "" };
  const flags = { multiple: false, directory: false, required: false, disabled: false };
  const initial = { ...text, ...flags, max: Infinity, maxBytes: Infinity };
  expect(read()).toEqual(initial);
  const values = { accept: "image/*", multiple: true, max: 3, maxBytes: 1_000 };
  Object.assign(element, values);
  expect(Object.fromEntries(element.attributes)).toEqual({
    accept: "image/*",
    multiple: "",
    max: "3",
    "max-bytes": "1000",
  });
  expect(read()).toEqual({ ...initial, ...values });
  Object.assign(element, { accept: undefined, multiple: false, max: Infinity, maxBytes: null });
  expect(element.attributes.size).toBe(0);
});

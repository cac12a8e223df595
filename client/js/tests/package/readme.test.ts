import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { PROJECT } from "./installed.ts";

const PACKAGE = join(import.meta.dirname, "../..");
const readme = await readFile(join(PACKAGE, "README.md"), "utf8");

test("the code of the README compiles against the types of the package", async () => {
  const folder = join(PROJECT, "readme");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const blocks = [...readme.matchAll(/```(tsx?)\n(.*?)```/gs)];
  expect(blocks.length).toBeGreaterThan(4);
  const files: string[] = [];
  for (const [index, [, extension, code]] of blocks.entries()) {
    const file = join(folder, `block${index + 1}.${extension}`);
    await writeFile(file, `${code}\nexport {};\n`);
    files.push(file);
  }
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    jsx: ts.JsxEmit.ReactJSX,
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  });
  const host = { getCanonicalFileName: (name: string) => name, getCurrentDirectory: () => folder };
  const problems = ts.getPreEmitDiagnostics(program);
  expect(ts.formatDiagnostics(problems, { ...host, getNewLine: () => "\n" })).toBe("");
});

/** Return the names in the first column of the tables below a heading. */
function tableOf(heading: string): string[] {
  const section = readme.split(/^#+ /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
  const cells = [...section.matchAll(/^\| (`.+?) \|/gm)].map(([, cell]) => cell ?? "");
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name ?? ""));
}

/** Return the members of an interface, or of a union of strings. */
async function membersOf(file: string, type: string): Promise<string[]> {
  const path = join(PACKAGE, "src", file);
  const source = ts.createSourceFile(path, await readFile(path, "utf8"), ts.ScriptTarget.Latest);
  for (const node of source.statements) {
    if (ts.isInterfaceDeclaration(node) && node.name.text === type) {
      return node.members.map(({ name }) => (name as ts.Identifier).text);
    }
    if (
      ts.isTypeAliasDeclaration(node) &&
      node.name.text === type &&
      ts.isUnionTypeNode(node.type)
    ) {
      return node.type.types.map(
        (each) => ((each as ts.LiteralTypeNode).literal as ts.StringLiteral).text,
      );
    }
  }
  throw new Error(`${file} has no type ${type}.`);
}

test.each([
  ["The queue", "types.ts", ["UploadsOptions", "Uploads", "AddOptions"]],
  ["The snapshot", "types.ts", ["UploadsSnapshot"]],
])("the tables of “%s” are complete", async (heading, file, types) => {
  const members = await Promise.all(types.map((type) => membersOf(file, type)));
  expect(tableOf(heading).sort()).toEqual(members.flat().sort());
});

test("the tables of “Items” are complete", async () => {
  const fields = await membersOf("types.ts", "UploadItem");
  const states = await membersOf("engine/types.ts", "UploadState");
  expect(tableOf("Items").sort()).toEqual([...fields, ...states].sort());
});

test("the section of the element names its attributes, slots, parts and properties", async () => {
  const folder = join(PACKAGE, "src/element");
  const names = await readdir(folder);
  const sources = names.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const code = (
    await Promise.all(sources.map((name) => readFile(join(folder, name), "utf8")))
  ).join("");
  const section = readme.split(/^## /m).find((each) => each.startsWith("The element\n")) ?? "";
  const found = [
    ...code.matchAll(/ttribute\("([\w-]+)"\)/g),
    ...code.matchAll(/\bslot\("([\w-]+)"\)/g),
    ...code.matchAll(/\bpart: "([\w-]+)"/g),
    ...code.matchAll(/var\((--[\w-]+-[\w-]+)/g),
    ...code.matchAll(/"(upload-\w+)"/g),
  ].map(([, name]) => name ?? "");
  expect(found.length).toBeGreaterThan(15);
  // This part is for screen readers only.
  const missing = found.filter((name) => name !== "live" && !section.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

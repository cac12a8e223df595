import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { compile, messagesOf } from "../../messages.ts";

const SOURCES = join(import.meta.dirname, "../../src");
const WORD = /\p{L}{2}/u;
/** The attributes and properties that users see or hear. */
const SHOWN = /^(?:aria-label|title|placeholder|alt|label|hint|action|keep|reason|legend)$/;

const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .filter((name) => !name.startsWith("graphql/") && name !== "messages/types.ts")
  .map((name) => ({ name, text: readFileSync(join(SOURCES, name), "utf8") }));

it("finds the sources", () => {
  expect(files.length).toBeGreaterThan(150);
});

it("has no text outside the message files", () => {
  expect(files.flatMap(({ name, text }) => textsIn(name, text))).toEqual([]);
});

it("recognizes texts", () => {
  const code = '<p title="Some"><b>Text</b>{busy ? "Wait" : t("ui.close")}{`Of ${one}`}</p>';
  expect(textsIn("a.tsx", code)).toEqual([
    "a.tsx: Some",
    "a.tsx: Text",
    "a.tsx: Wait",
    "a.tsx: Of ",
  ]);
});

it("has only messages that are valid and that are used", async () => {
  const code = files.map(({ text }) => text).join("\n");
  for (const [id, text] of Object.entries(await messagesOf("en"))) {
    compile(text, id);
    expect(code, id).toContain(`"${id}"`);
  }
});

it("has ids only where the build reads them", async () => {
  const english = await messagesOf("en");
  const ids = files.flatMap(({ name, text }) =>
    [...text.matchAll(/(\w*)\(?\s*"([a-z]\w*(?:\.\w+)+)"/g)]
      .filter(([, start = "", id = ""]) => id in english && !/^(t|rich|message)$/.test(start))
      .map(([, , id = ""]) => `${name}: ${id}`),
  );
  expect(ids).toEqual([]);
});

/** Return the texts that a module shows: those in JSX, and those in attributes and notices. */
function textsIn(name: string, text: string): string[] {
  const kind = name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, kind);
  const found: string[] = [];
  function visit(node: ts.Node) {
    const words = ts.isJsxText(node) || isLiteral(node) ? node.text : undefined;
    const shown = ts.isJsxText(node) || (isLiteral(node) && isShown(node));
    if (words !== undefined && shown && WORD.test(words)) found.push(`${name}: ${words}`);
    ts.forEachChild(node, visit);
  }
  visit(source);
  return found;
}

function isLiteral(node: ts.Node): node is ts.StringLiteralLike | ts.TemplateHead {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node);
}

/** Whether the literal is what an element contains, or the value of an attribute that is shown. */
function isShown(literal: ts.Node): boolean {
  for (let node = literal; ; node = node.parent) {
    const { parent } = node;
    // The condition of a choice, and the values of calls, are not shown.
    if (ts.isConditionalExpression(parent) && parent.condition === node) return false;
    if (ts.isJsxExpression(parent))
      return !ts.isJsxAttribute(parent.parent) || isShownName(parent.parent.name);
    if (ts.isJsxAttribute(parent)) return isShownName(parent.name);
    if (ts.isPropertyAssignment(parent)) return isShownName(parent.name);
    if (ts.isCallExpression(parent))
      return parent.expression.getText() === "notify" && parent.arguments[0] === node;
    const passes =
      ts.isConditionalExpression(parent) ||
      ts.isTemplateExpression(parent) ||
      ts.isParenthesizedExpression(parent) ||
      (ts.isBinaryExpression(parent) && /^(&&|\|\||\?\?|\+)$/.test(parent.operatorToken.getText()));
    if (!passes) return false;
  }
}

function isShownName(name: ts.Node): boolean {
  return SHOWN.test(name.getText());
}

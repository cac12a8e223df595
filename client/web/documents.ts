import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stripIgnoredCharacters, type DocumentNode, type FragmentDefinitionNode } from "graphql";
import type { Plugin } from "vite";
import { sentTextOf, textOf } from "./src/api/documentText.ts";

const CALL = /\bgraphql\(`\s*(query|mutation|fragment) (\w+)[^`]*`\)/g;
const TEXT = /\btextOf\(\s*graphql\(`\s*(?:query|mutation) (\w+)[^`]*`\),?\s*\)/g;
const SENT_TEXT = /\bsentTextOf\((\w+)\)/g;
/** An import of nothing but a document, which would put it into the chunk with its text. */
const IMPORT = /^import \{ (\w+) \} from "[^"]+";$/gm;
const GENERATED = join(import.meta.dirname, "src/graphql/graphql.ts");
const DOCUMENT = /^export const (\w+) = (\{.*\}) as unknown as /gm;

/**
 * The fragments of the library's list, which many documents contain. Each is in a module of its own,
 * so that pages load it once.
 */
export const LISTED = /fragment:(uploadFields|Preview|Picture|StatusBadge|headlines)_/;
const FRAGMENT = "\0fragment:";

/**
 * Replace each call of `graphql` with the document that it returns, and of `textOf` and `sentTextOf`
 * with the document's text. The function knows all documents, and so does the module with them, so a page
 * that uses either would load those of all other pages, too.
 */
export function documents(): Plugin {
  return {
    name: "documents",
    enforce: "pre",
    resolveId: (source) => (source.startsWith(FRAGMENT) ? source : undefined),
    async load(id) {
      if (!id.startsWith(FRAGMENT)) return undefined;
      const name = id.slice(FRAGMENT.length);
      const document = found(await generatedDocuments(), `${name}FragmentDoc`);
      return `export const definition = ${JSON.stringify(document.definitions[0])};`;
    },
    transform: {
      filter: {
        id: { include: /\/src\/.*\.tsx?$/, exclude: /\/graphql\// },
        code: [CALL, SENT_TEXT],
      },
      async handler(code) {
        const generated = await generatedDocuments();
        const imported = new Set<string>();
        const texts = new Set([...code.matchAll(SENT_TEXT)].map(([, query = ""]) => query));
        const replaced = code
          .replace(TEXT, (_call, name: string) => {
            return literal(textOf(found(generated, `${name}Document`)));
          })
          .replace(SENT_TEXT, (_call, query: string) => {
            // Operations are named after the modules that export them.
            const name = query.charAt(0).toUpperCase() + query.slice(1);
            return literal(sentTextOf(found(generated, `${name}Document`)));
          })
          .replace(IMPORT, (line, name: string) => (texts.has(name) ? "" : line))
          .replace(CALL, (_call, kind: string, name: string) => {
            const key = `${name}${kind === "fragment" ? "FragmentDoc" : "Document"}`;
            return codeOf(found(generated, key), imported);
          });
        const imports = [...imported].map(
          (name) =>
            `import { definition as ${name} } from "${JSON.stringify(FRAGMENT + name).slice(1, -1)}";`,
        );
        return { code: [...imports, replaced].join("\n"), map: null };
      },
    },
  };
}

/** Return the code of a document. Adds the names of the fragments that the code must import. */
function codeOf({ kind, definitions }: DocumentNode, imported: Set<string>): string {
  const codes = definitions.map((definition) => {
    const { name } = definition as FragmentDefinitionNode;
    if (!LISTED.test(`${FRAGMENT}${name.value}`)) return JSON.stringify(definition);
    imported.add(name.value);
    return name.value;
  });
  return `{ "kind": "${kind}", "definitions": [${codes.join(", ")}] }`;
}

/** Return the generated documents by name, as JSON. */
async function generatedDocuments(): Promise<Map<string, string>> {
  const code = await readFile(GENERATED, "utf8");
  return new Map([...code.matchAll(DOCUMENT)].map(([, name = "", json = ""]) => [name, json]));
}

function found(generated: Map<string, string>, name: string): DocumentNode {
  const json = generated.get(name);
  if (json === undefined) throw new Error(`There is no ${name}. Run npm run codegen.`);
  return JSON.parse(json) as DocumentNode;
}

/** Return the code of a text, without what a service does not need. */
function literal(text: string): string {
  return JSON.stringify(stripIgnoredCharacters(text));
}

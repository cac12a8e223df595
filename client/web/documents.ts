import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { print, stripIgnoredCharacters, type DocumentNode } from "graphql";
import type { Plugin } from "vite";

const CALL = /\bgraphql\(`\s*(query|mutation|fragment) (\w+)[^`]*`\)/g;
const TEXT = /\btextOf\(\s*graphql\(`\s*(?:query|mutation) (\w+)[^`]*`\),?\s*\)/g;
const GENERATED = join(import.meta.dirname, "src/graphql/graphql.ts");
const DOCUMENT = /^export const (\w+) = (\{.*\}) as unknown as /gm;

/**
 * Replace each call of `graphql` with the document that it returns, and of `textOf` with the
 * document's text. The function knows all documents, and so does the module with them, so a page
 * that uses either would load those of all other pages, too.
 */
export function documents(): Plugin {
  return {
    name: "documents",
    enforce: "pre",
    transform: {
      filter: { id: { include: /\/src\/.*\.tsx?$/, exclude: /\/graphql\// }, code: CALL },
      async handler(code) {
        const generated = await generatedDocuments();
        return {
          code: code
            .replace(TEXT, (_call, name: string) => {
              return JSON.stringify(textOf(found(generated, `${name}Document`)));
            })
            .replace(CALL, (_call, kind: string, name: string) => {
              return found(generated, `${name}${kind === "fragment" ? "FragmentDoc" : "Document"}`);
            }),
          map: null,
        };
      },
    },
  };
}

/** Return the generated documents by name, as JSON. */
async function generatedDocuments(): Promise<Map<string, string>> {
  const code = await readFile(GENERATED, "utf8");
  return new Map([...code.matchAll(DOCUMENT)].map(([, name = "", json = ""]) => [name, json]));
}

function found(generated: Map<string, string>, name: string): string {
  const json = generated.get(name);
  if (json === undefined) throw new Error(`There is no ${name}. Run npm run codegen.`);
  return json;
}

function textOf(json: string): string {
  return stripIgnoredCharacters(print(JSON.parse(json) as DocumentNode));
}

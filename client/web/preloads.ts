import type { HtmlTagDescriptor, Plugin, Rollup } from "vite";

const APP = "/src/app.tsx";
const MEMBER = "/src/shell/Member.tsx";

/**
 * Let index.html load the code of the app, with React, together with the entry, which imports it
 * later: the entry first sends the request for the session. The script in index.html starts the
 * links for the pages of signed-in users.
 */
export function preloads(): Plugin {
  return {
    name: "preloads",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
        const known = new Set(chunks.filter(({ isEntry }) => isEntry).flatMap(withImports));
        const app = withImports(chunkOf(chunks, APP)).filter((name) => !known.has(name));
        const member = withImports(chunkOf(chunks, MEMBER)).filter(
          (name) => !known.has(name) && !app.includes(name),
        );
        return [
          ...app.map((name) => link({ rel: "modulepreload" }, name, "head")),
          // Before the script, which looks for them.
          ...member.map((name) => link({ "data-rel": "modulepreload" }, name, "head-prepend")),
        ];
      },
    },
  };
}

function chunkOf(chunks: Rollup.OutputChunk[], module: string): Rollup.OutputChunk {
  const found = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module));
  if (found === undefined) throw new Error(`The build has no chunk for ${module}.`);
  return found;
}

function withImports({ fileName, imports }: Rollup.OutputChunk): string[] {
  return [fileName, ...imports];
}

function link(
  attrs: Record<string, string>,
  name: string,
  injectTo: "head" | "head-prepend",
): HtmlTagDescriptor {
  return { tag: "link", attrs: { ...attrs, crossorigin: true, href: `/${name}` }, injectTo };
}

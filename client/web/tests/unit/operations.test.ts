import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { ApolloClient, ApolloLink } from "@apollo/client";
import {
  Kind,
  parse,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
} from "graphql";
import { of } from "rxjs";
import { describe, expect, it } from "vitest";
import { createCache } from "../../src/api/cache.ts";
import { uploadFields } from "../../src/api/uploadFields.ts";
import {
  TrashRow_uploadFragmentDoc,
  UploadGrid_uploadFragmentDoc,
  UploadTable_uploadFragmentDoc,
  useChosen_uploadFragmentDoc,
} from "../../src/graphql/graphql.ts";
import { uploadsQuery } from "../../src/library/uploadsQuery.ts";
import { anUpload } from "../uploads.ts";

const SRC = new URL("../../src/", import.meta.url).pathname;

interface Definition {
  readonly module: string;
  readonly node: DefinitionNode;
}

/** Return all operations and fragments of the sources, each with the name of its module. */
function definitions(): Definition[] {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("graphql/"))
    .flatMap((file) => {
      const code = readFileSync(join(SRC, file), "utf8");
      const module = basename(file).replace(/\.tsx?$/, "");
      return [...code.matchAll(/\bgraphql\(`([^`]*)`/g)].flatMap(([, text = ""]) =>
        parse(text).definitions.map((node) => ({ module, node })),
      );
    });
}

const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const lowered = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

describe("names", () => {
  it("of operations begin with the name of their module", () => {
    const found = definitions().flatMap(({ module, node }) =>
      node.kind === Kind.OPERATION_DEFINITION ? [[module, node.name?.value ?? ""] as const] : [],
    );
    expect(found.length).toBeGreaterThan(25);
    const wrong = found.filter(([module, name]) => !name.startsWith(capitalized(module)));
    expect(wrong).toEqual([]);
  });

  it("of fragments consist of the module and the type", () => {
    const found = definitions().flatMap(({ module, node }) =>
      node.kind === Kind.FRAGMENT_DEFINITION
        ? [[node.name.value, `${module}_${lowered(node.typeCondition.name.value)}`] as const]
        : [],
    );
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter(([name, expected]) => name !== expected)).toEqual([]);
  });
});

it("keeps what the components of lists show, and nothing of it reaches the page unasked", async () => {
  const upload = anUpload("a", { thumbnail: null, media: null });
  const cache = createCache();
  cache.writeFragment({ fragment: uploadFields, data: upload });
  for (const fragment of [
    UploadGrid_uploadFragmentDoc,
    UploadTable_uploadFragmentDoc,
    TrashRow_uploadFragmentDoc,
    useChosen_uploadFragmentDoc,
  ]) {
    const [definition] = (fragment as DocumentNode).definitions;
    const { value: fragmentName } = (definition as FragmentDefinitionNode).name;
    const options = { fragment: fragment as DocumentNode, fragmentName, id: "Upload:a" };
    expect(cache.readFragment(options), fragmentName).not.toBeNull();
  }

  const uploads = {
    __typename: "UploadConnection",
    totalCount: 1,
    edges: [{ __typename: "UploadEdge", cursor: "a", node: upload }],
    pageInfo: { __typename: "PageInfo", endCursor: "a", hasNextPage: false },
  };
  const link = new ApolloLink(() => of({ data: { uploads } }));
  const client = new ApolloClient({ cache, link, dataMasking: true });
  const { data } = await client.query({ query: uploadsQuery, variables: { first: 1 } });
  const [edge] = data?.uploads.edges ?? [];
  expect(edge?.node).toEqual({ __typename: "Upload", id: "a" });
});

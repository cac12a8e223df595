import type { ApolloClient, DocumentNode, TypedDocumentNode } from "@apollo/client";
import {
  Kind,
  visit,
  type FieldNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from "graphql";
import type { CompleteUploadMutation } from "../graphql/graphql.ts";
import { completeUpload } from "./completeUpload.ts";

type CompleteResult = CompleteUploadMutation["completeUpload"];
type Completions = TypedDocumentNode<Record<string, CompleteResult>, Record<string, string>>;

/** The service accepts documents of up to 2,500 fields, and each upload needs about 60. */
const AT_ONCE = 25;

/** Complete many uploads in few requests. Returns one result per upload, in order. */
export async function completeUploads(
  client: ApolloClient,
  ids: readonly string[],
): Promise<(CompleteResult | undefined)[]> {
  const groups = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, index) =>
    ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
  const results = await Promise.all(groups.map((group) => completeGroup(client, group)));
  return results.flat();
}

async function completeGroup(client: ApolloClient, ids: readonly string[]) {
  const { data } = await client.mutate({
    mutation: completions(ids.length),
    variables: Object.fromEntries(ids.map((id, index) => [`id${index}`, id])),
  });
  return ids.map((_, index) => data?.[`upload${index}`]);
}

const documents = new Map<number, Completions>();

/** Return a document that completes `count` uploads: `count` aliases of completeUpload. */
function completions(count: number): Completions {
  const known = documents.get(count) ?? repeat(completeUpload, count);
  documents.set(count, known);
  return known;
}

function repeat(document: DocumentNode, count: number): DocumentNode {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return visit(document, {
    OperationDefinition: (operation: OperationDefinitionNode) => ({
      ...operation,
      name: { kind: Kind.NAME, value: "CompleteUploads" },
      variableDefinitions: numbers.flatMap((number) =>
        (operation.variableDefinitions ?? []).map((variable) => numbered(variable, number)),
      ),
      selectionSet: {
        ...operation.selectionSet,
        selections: numbers.flatMap((number) =>
          operation.selectionSet.selections.map((field) => numbered(field as FieldNode, number)),
        ),
      },
    }),
  });
}

/** Copy a node, with the variable `id` renamed to `id<number>` and the alias `upload<number>`. */
function numbered<T extends FieldNode | VariableDefinitionNode>(node: T, number: number): T {
  return visit(node, {
    Variable: (variable) => ({
      ...variable,
      name: { ...variable.name, value: `${variable.name.value}${number}` },
    }),
    Field: {
      leave: (field) =>
        field.name.value === "completeUpload"
          ? { ...field, alias: { kind: Kind.NAME, value: `upload${number}` } }
          : undefined,
    },
  });
}

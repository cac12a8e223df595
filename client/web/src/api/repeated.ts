import type { DocumentNode, TypedDocumentNode } from "@apollo/client";
import {
  Kind,
  visit,
  type FieldNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from "graphql";

/** The results are named `result0`, `result1` and so on, and the variables `id0`, `id1`. */
type Repeated<Result> = TypedDocumentNode<Record<string, Result>, Record<string, string>>;

/** Return a function that makes, for a number of ids, one document with `document` once per id. */
export function repeated<Result>(document: DocumentNode): (count: number) => Repeated<Result> {
  const documents = new Map<number, Repeated<Result>>();
  return (count) => {
    const known = documents.get(count) ?? repeat(document, count);
    documents.set(count, known);
    return known;
  };
}

export function numberedIds(ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(ids.map((id, index) => [`id${index}`, id]));
}

function repeat(document: DocumentNode, count: number): DocumentNode {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return visit(document, {
    OperationDefinition: (operation: OperationDefinitionNode) => ({
      ...operation,
      variableDefinitions: numbers.flatMap((number) =>
        (operation.variableDefinitions ?? []).map((variable) => numbered(variable, number)),
      ),
      selectionSet: {
        ...operation.selectionSet,
        selections: numbers.flatMap((number) =>
          operation.selectionSet.selections.map((field) => ({
            ...numbered(field as FieldNode, number),
            alias: { kind: Kind.NAME, value: `result${number}` },
          })),
        ),
      },
    }),
  });
}

/** Copy a node, with the variable `id` renamed to `id<number>`. */
function numbered<T extends FieldNode | VariableDefinitionNode>(node: T, number: number): T {
  return visit(node, {
    Variable: (variable) => ({
      ...variable,
      name: { ...variable.name, value: `${variable.name.value}${number}` },
    }),
  });
}

import type { TypedDocumentNode } from "@apollo/client";
import { addTypenameToDocument } from "@apollo/client/utilities";
import { print, visit } from "graphql";

/** The text of an operation, with the types of its result and variables. */
export type DocumentText<Result, Variables> = string & {
  readonly types?: (variables: Variables) => Result;
};

/** Return the text of a document. The build does it (`documents.ts`), so no page loads a printer. */
export function textOf<Result, Variables>(
  document: TypedDocumentNode<Result, Variables>,
): DocumentText<Result, Variables> {
  return print(document);
}

/** Return the text that Apollo Client would send for a document. The build does it, too. */
export function sentTextOf<Result, Variables>(
  document: TypedDocumentNode<Result, Variables>,
): DocumentText<Result, Variables> {
  const sent = visit(addTypenameToDocument(document), {
    Directive: ({ name }) => (name.value === "unmask" ? null : undefined),
  });
  return print(sent);
}

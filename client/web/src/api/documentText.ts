import type { TypedDocumentNode } from "@apollo/client";
import { print } from "graphql";

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

import type { FragmentType, TypedDocumentNode } from "@apollo/client";
import { useFragment } from "@apollo/client/react";
import type { FragmentDefinitionNode } from "graphql";
import type { uploadRef } from "./uploadFields.ts";

/**
 * Return the fields of a component's fragment, and render the component again when one of them
 * changes. Undefined without an object, or if the cache lacks one of the fields.
 */
export function useFields<Fields>(
  fragment: TypedDocumentNode<Fields, Record<string, never>>,
  from: FragmentType<NoInfer<Fields>> | ReturnType<typeof uploadRef> | null | undefined,
): Fields | undefined {
  // The fragments that it contains follow.
  const { name } = fragment.definitions[0] as FragmentDefinitionNode;
  const object = (from as object | null | undefined) ?? null;
  const options = { fragment, fragmentName: name.value, from: object };
  const { data, complete } = useFragment(
    options as useFragment.Options<Fields, Record<string, never>>,
  );
  return complete ? data : undefined;
}

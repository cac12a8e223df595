import type { ApolloCache } from "@apollo/client";
import { useApolloClient, useFragment } from "@apollo/client/react";
import { readUpload, uploadRef } from "../api/uploadFields.ts";
import { graphql } from "../graphql/index.ts";
import type { useChosen_uploadFragment } from "../graphql/graphql.ts";

/** What the actions for several files need to know of each. */
export const chosenFields = graphql(`
  fragment useChosen_upload on Upload {
    id
    filename
    size
    status
    tags
    createdAt
  }
`);

export type Chosen = Omit<useChosen_uploadFragment, "__typename">;

/** Return uploads as they are now. They must be in the cache. */
export function readChosen(cache: ApolloCache, ids: Iterable<string>): readonly Chosen[] {
  return [...ids].flatMap((id) => readUpload(cache, chosenFields, id, true) ?? []);
}

/**
 * Return selected uploads, and render again when one changes that was not stored. To watch all of
 * them would take seconds if thousands are selected.
 */
export function useChosen(ids: ReadonlySet<string>): readonly Chosen[] {
  const { cache } = useApolloClient();
  const chosen = readChosen(cache, ids);
  const unstored = chosen.filter(({ status }) => status !== "STORED");
  useFragment({ fragment: chosenFields, from: unstored.map(({ id }) => uploadRef(id)) });
  return chosen;
}

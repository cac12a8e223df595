import { useQuery } from "@apollo/client/react";
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

const chosenUploads = graphql(`
  query UseChosen($ids: [ID!]!) {
    cachedUploads(ids: $ids) @client {
      ...useChosen_upload @unmask
    }
  }
`);

export type Chosen = Omit<useChosen_uploadFragment, "__typename">;

/** Return the selected uploads as they are now. */
export function useChosen(ids: ReadonlySet<string>): readonly Chosen[] {
  const variables = { ids: [...ids] };
  const { data } = useQuery(chosenUploads, { variables, fetchPolicy: "cache-only" });
  return data?.cachedUploads ?? [];
}

import type { ApolloClient } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { batches } from "../api/batches.ts";
import { sentence, unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import type { UseUpdateTagsMutation } from "../graphql/graphql.ts";
import { changesOf, type TagChange } from "./tagChanges.ts";
import type { Chosen } from "./useChosen.ts";
import { t } from "../messages/t.ts";

const updateUploads = graphql(`
  mutation UseUpdateTags($input: [UpdateUploadInput!]!) {
    updateUploads(input: $input) {
      ... on Upload {
        id
        tags
      }
      ... on InvalidInput {
        fields {
          path
          message
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

type Result = UseUpdateTagsMutation["updateUploads"][number];

export interface TagUpdate {
  readonly changed: readonly Chosen[];
  readonly failed: readonly Chosen[];
  /** The error message of the last failure. */
  readonly problem: string | undefined;
}

type OnDone = (count: number) => void;

/** Return `updateTags` for the page's client. */
export function useUpdateTags() {
  const client = useApolloClient();
  return (uploads: readonly Chosen[], change: TagChange, onDone: OnDone) =>
    updateTags(client, uploads, change, onDone);
}

/**
 * Add and remove tags of any number of uploads, 100 per request. The page shows the new tags at
 * once, and the old ones again where the service refuses. A failure does not stop the others.
 * Calls `onDone` with the number of uploads after each request.
 */
export async function updateTags(
  client: ApolloClient,
  uploads: readonly Chosen[],
  change: TagChange,
  onDone: OnDone,
): Promise<TagUpdate> {
  const changed: Chosen[] = [];
  const failed: Chosen[] = [];
  let problem: string | undefined;
  for (const batch of batches(changesOf(uploads, change))) {
    const results = await send(client, batch);
    batch.forEach((upload, index) => {
      const failure = problemOf(results[index]);
      if (failure === undefined) changed.push(upload);
      else failed.push(upload);
      problem = failure ?? problem;
    });
    onDone(changed.length + failed.length);
  }
  return { changed, failed, problem };
}

/** Send one batch; return one result or problem per upload, in order. */
async function send(
  client: ApolloClient,
  batch: readonly Chosen[],
): Promise<readonly (Result | string)[]> {
  const input = batch.map(({ id, tags }) => ({ id, tags: [...tags] }));
  try {
    const { data } = await client.mutate({
      mutation: updateUploads,
      variables: { input },
      optimisticResponse: {
        updateUploads: input.map((each) => ({ __typename: "Upload" as const, ...each })),
      },
    });
    return data?.updateUploads ?? [];
  } catch (error) {
    return batch.map(() => sentence(error));
  }
}

/** Return why an upload was not changed; undefined if it was. */
function problemOf(result: Result | string | undefined): string | undefined {
  if (typeof result === "string") return result;
  switch (result?.__typename) {
    case "Upload":
      return undefined;
    case "InvalidInput":
      return result.fields[0]?.message ?? result.message;
    case "UploadNotFound":
      return t("details.cannotChange");
    default:
      return unknownMember(result);
  }
}

import { useMutation } from "@apollo/client/react";
import { sentence, unknownMember } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import type { UseUpdateTagsMutation } from "../graphql/graphql.ts";
import { changesOf, type TagChange } from "./tagChanges.ts";
import type { Chosen } from "./useSelection.ts";
import { t } from "../messages/t.ts";

/** The most uploads that one request may change. */
const BATCH = 100;

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

/**
 * Add and remove tags of any number of uploads, 100 per request. A failure does not stop the others.
 * Calls `onDone` with the number of uploads after each request.
 */
export function useUpdateTags(): (
  uploads: readonly Chosen[],
  change: TagChange,
  onDone: (count: number) => void,
) => Promise<TagUpdate> {
  const [mutate] = useMutation(updateUploads);
  return async (uploads, change, onDone) => {
    const changes = changesOf(uploads, change);
    const changed: Chosen[] = [];
    const failed: Chosen[] = [];
    let problem: string | undefined;
    for (let from = 0; from < changes.length; from += BATCH) {
      const batch = changes.slice(from, from + BATCH);
      const input = batch.map(({ id, tags }) => ({ id, tags: [...tags] }));
      const results = await mutate({ variables: { input } }).then(
        ({ data }) => data?.updateUploads ?? [],
        (error: unknown) => batch.map(() => sentence(error)),
      );
      batch.forEach((upload, index) => {
        const failure = problemOf(results[index]);
        if (failure === undefined) changed.push(upload);
        else failed.push(upload);
        problem = failure ?? problem;
      });
      onDone(Math.min(from + BATCH, changes.length));
    }
    return { changed, failed, problem };
  };
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

import type { ApolloClient } from "@apollo/client";
import { unknownMember } from "../api/errors.ts";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { t } from "../messages/t.ts";

const trashUploads = graphql(`
  mutation TrashUploads($ids: [ID!]!) {
    trashUploads(ids: $ids) {
      ... on Upload {
        ...UploadFields
      }
      ... on UploadClosed {
        status
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

const restoreUploads = graphql(`
  mutation RestoreUploads($ids: [ID!]!) {
    restoreUploads(ids: $ids) {
      ... on Upload {
        ...UploadFields
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

const deleteUploads = graphql(`
  mutation DeleteUploads($ids: [ID!]!) {
    deleteUploads(ids: $ids) {
      ... on UploadDeleted {
        id
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);

/** What became of one upload: where it is now, unless nothing changed, and what went wrong. */
export interface Result {
  /** The upload as it is now; "gone" if the service no longer has it. */
  readonly now?: UploadFieldsFragment | "gone";
  readonly problem?: string;
}

/** Sends one batch and returns one result per id, in order; throws if the whole batch failed. */
export type Request = (client: ApolloClient, ids: readonly string[]) => Promise<readonly Result[]>;

/** The lists are updated by `cachedLists.ts`, which needs to know what the cache held before. */
const fetchPolicy = "no-cache";

export const requestTrash: Request = async (client, ids) => {
  const variables = { ids: [...ids] };
  const { data } = await client.mutate({ mutation: trashUploads, variables, fetchPolicy });
  return (data?.trashUploads ?? []).map((result): Result => {
    switch (result.__typename) {
      case "Upload":
        return { now: result };
      case "UploadNotFound": // It was already deleted elsewhere.
        return { now: "gone" };
      case "UploadClosed":
        return { problem: t("trash.onlyStored") };
      default:
        return { problem: unknownMember(result) };
    }
  });
};

export const requestRestore: Request = async (client, ids) => {
  const variables = { ids: [...ids] };
  const { data } = await client.mutate({ mutation: restoreUploads, variables, fetchPolicy });
  return (data?.restoreUploads ?? []).map((result): Result => {
    switch (result.__typename) {
      case "Upload":
        return { now: result };
      case "UploadNotFound":
        return { now: "gone", problem: t("trash.cannotRestore") };
      default:
        return { problem: unknownMember(result) };
    }
  });
};

export const requestDeletion: Request = async (client, ids) => {
  const variables = { ids: [...ids] };
  const { data } = await client.mutate({ mutation: deleteUploads, variables, fetchPolicy });
  return (data?.deleteUploads ?? []).map((result): Result => {
    switch (result.__typename) {
      case "UploadDeleted":
      case "UploadNotFound": // It was already deleted elsewhere.
        return { now: "gone" };
      default:
        return { problem: unknownMember(result) };
    }
  });
};

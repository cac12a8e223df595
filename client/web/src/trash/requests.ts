import type { ApolloClient } from "@apollo/client";
import type { UploadFields } from "../api/uploadFields.ts";

/** What became of one upload: where it is now, unless nothing changed, and what went wrong. */
export interface Result {
  /** The upload as it is now; "gone" if the service no longer has it. */
  readonly now?: UploadFields | "gone";
  readonly problem?: string;
}

/** Sends one batch and returns one result per id, in order; throws if the whole batch failed. */
export type Request = (client: ApolloClient, ids: readonly string[]) => Promise<readonly Result[]>;

/** The lists are updated by `cachedLists.ts`, which needs to know what the cache held before. */
export const NOT_CACHED = "no-cache";

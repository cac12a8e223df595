import type { ApolloClient } from "@apollo/client";
import { cachedUpload, type UploadFields } from "../api/uploadFields.ts";
import { batches } from "../api/batches.ts";
import { sentence } from "../api/errors.ts";
import { relist, type Change } from "./cachedLists.ts";
import type { Request, Result } from "./requests.ts";

let layers = 0;

export interface Outcome {
  /** The ids of the uploads that did not change. */
  readonly failed: readonly string[];
  /** Why the last of them did not. */
  readonly problem: string | undefined;
}

/** Receives how many uploads the service has answered for. */
export type OnProgress = (done: number) => void;

/**
 * Change many uploads: in the cache at once, to what `expected` returns, and in batches with the
 * service. In the end, the lists show what the service did. After a request that failed, no more
 * are sent.
 */
export async function change(
  client: ApolloClient,
  ids: readonly string[],
  expected: (upload: UploadFields) => UploadFields | undefined,
  request: Request,
  onProgress?: OnProgress,
): Promise<Outcome> {
  const { cache } = client;
  const layer = `trash ${++layers}`;
  cache.batch({
    optimistic: layer,
    update: (draft) => {
      const known = ids.flatMap((id) => cachedUpload(draft, id) ?? []);
      relist(
        draft,
        known.map((before) => ({ id: before.id, before, after: expected(before) })),
      );
    },
  });
  const results = new Map<string, Result>();
  let problem: string | undefined;
  try {
    for (const batch of batches(ids)) {
      for (const [index, result] of (await request(client, batch)).entries()) {
        results.set(batch[index] ?? "", result);
        problem = result.problem ?? problem;
      }
      onProgress?.(results.size);
    }
  } catch (error) {
    problem = sentence(error);
  }
  cache.batch({
    removeOptimistic: layer,
    update: (draft) => {
      relist(
        draft,
        [...results].flatMap(([id, { now }]) => (now === undefined ? [] : settled(draft, id, now))),
      );
    },
  });
  const failed = ids.filter((id) => {
    const result = results.get(id);
    return result === undefined || result.problem !== undefined;
  });
  return { failed, problem };
}

/** Return the change to apply. An upload that is not cached is assumed to have been on the other side. */
function settled(cache: ApolloClient["cache"], id: string, now: UploadFields | "gone"): Change {
  const known = cachedUpload(cache, id);
  if (now === "gone") return { id, before: known, after: undefined };
  const trashedAt = now.trashedAt === null ? now.createdAt : null;
  return { id, before: known ?? { ...now, trashedAt }, after: now };
}

import { InMemoryCache, type FieldFunctionOptions, type Reference } from "@apollo/client";
import { cacheSizes } from "@apollo/client/utilities";
import possibleTypes from "../graphql/possibleTypes.ts";
import { uploadPages } from "./uploadPages.ts";

/**
 * What the cache remembers of its reads. By default, a list of 8,000 files does not fit, and when a page
 * or a file is added, all of the list is read anew: 7.5 s for 13,000 files instead of 0.3 s. Each
 * page makes another version of the list itself, as long as all pages before, so few are kept.
 */
cacheSizes["inMemoryCache.executeSelectionSet"] = 200_000;
cacheSizes["inMemoryCache.executeSubSelectedArray"] = 20;

/** A cached signed URL is replaced when it expires within this time. */
const URL_MARGIN_MS = 120_000;

/**
 * Keep the signed URL of an object until shortly before it expires. Responses contain newly signed
 * URLs, which change once an hour for renditions, and the browser would load each as a new file.
 */
function keepWorkingUrl(
  existing: Reference | null | undefined,
  incoming: Reference | null,
  { readField }: FieldFunctionOptions,
): Reference | null {
  if (existing == null || incoming == null) return incoming;
  const expiresAt = readField<string>("expiresAt", existing);
  const valid = expiresAt !== undefined && Date.parse(expiresAt) - URL_MARGIN_MS > Date.now();
  const objectOf = (file: Reference) => readField<string>("url", file)?.split("?", 1)[0];
  return valid && objectOf(existing) === objectOf(incoming) ? existing : incoming;
}

/**
 * Lists ask for some of the facts only. When they learn that a file was processed, the others are
 * unknown until the details have fetched them; without this, the components that show them would
 * have nothing to show.
 */
const unknown = (existing: unknown = null) => existing;

export function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: possibleTypes.possibleTypes,
    typePolicies: {
      Query: {
        fields: {
          uploads: uploadPages,
          upload: {
            read: (existing: Reference | undefined, { args, toReference }) =>
              existing ?? toReference({ __typename: "Upload", id: args?.["id"] as string }),
          },
        },
      },
      Upload: {
        fields: {
          download: { keyArgs: ["disposition", "expiresInSeconds"], merge: keepWorkingUrl },
          rendition: { keyArgs: ["name"], merge: keepWorkingUrl },
          // Lists select some of the facts, and the details panel the others.
          media: { merge: true },
          // The caller uses part URLs at once; they are not cached.
          transfer: { merge: false },
          tags: { merge: false },
        },
      },
      Media: {
        fields: {
          frameRate: unknown,
          videoCodec: unknown,
          audioCodec: unknown,
          capturedAt: unknown,
          camera: unknown,
          hasLocation: unknown,
        },
      },
      User: {
        fields: { usage: { merge: true }, apiKeys: { merge: false }, sessions: { merge: false } },
      },
    },
  });
}

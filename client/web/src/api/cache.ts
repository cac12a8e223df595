import { InMemoryCache, type FieldFunctionOptions, type Reference } from "@apollo/client";
import { cacheSizes } from "@apollo/client/utilities";
import possibleTypes from "../graphql/possibleTypes.ts";
import { uploadRef } from "./uploadFields.ts";
import { listedIds, uploadPages } from "./uploadPages.ts";

/**
 * The number of read results that the cache keeps, at 1.5 kB each: enough for 10,000 selected uploads,
 * the first page of a list and the files in view. The default would take 75 MB.
 */
cacheSizes["inMemoryCache.executeSelectionSet"] = 12_000;

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
              existing ?? toReference(uploadRef(args?.["id"] as string)),
          },
        },
      },
      UploadConnection: { fields: { ids: listedIds } },
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

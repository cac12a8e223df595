import { InMemoryCache, type FieldFunctionOptions, type Reference } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import possibleTypes from "../graphql/possibleTypes.ts";

/** A signed URL is replaced by a newer one when this little of its life is left. */
const URL_MARGIN_MS = 120_000;

/**
 * Keep a signed URL while it works. Each answer of the service signs a new one, and a picture
 * would load again for every one of them.
 */
function keepWorkingUrl(
  existing: Reference | undefined,
  incoming: Reference | null,
  { readField }: FieldFunctionOptions,
): Reference | null {
  if (existing == null || incoming == null) return incoming;
  const expiresAt = readField<string>("expiresAt", existing);
  const works = expiresAt !== undefined && Date.parse(expiresAt) - URL_MARGIN_MS > Date.now();
  return works ? existing : incoming;
}

export function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: possibleTypes.possibleTypes,
    typePolicies: {
      Query: {
        fields: {
          // One list for each filter and order; pages of it are joined.
          uploads: relayStylePagination(["filter", "orderBy"]),
          upload: {
            read: (existing: Reference | undefined, { args, toReference }) =>
              existing ?? toReference({ __typename: "Upload", id: args?.["id"] as string }),
          },
        },
      },
      Upload: {
        fields: {
          download: { keyArgs: ["disposition", "expiresInSeconds"], merge: keepWorkingUrl },
          // Part URLs are used by who asked for them, and not kept.
          transfer: { merge: false },
          tags: { merge: false },
        },
      },
      User: { fields: { usage: { merge: true }, apiKeys: { merge: false } } },
    },
  });
}

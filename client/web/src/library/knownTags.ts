import type { ApolloCache } from "@apollo/client";
import { visibleName } from "../format/names.ts";
import { countTags } from "./tagChanges.ts";

/** More would not be read. */
const SUGGESTIONS_MAX = 50;

/** Return the tags of the uploads that the page has loaded, the most frequent first. */
export function knownTags(cache: ApolloCache): string[] {
  const uploads = Object.values(cache.extract() as Record<string, unknown>).flatMap((entity) => {
    const { __typename, tags } = Object(entity) as { __typename?: string; tags?: string[] };
    return __typename === "Upload" && tags !== undefined ? [{ tags }] : [];
  });
  return (
    countTags(uploads)
      .map(([tag]) => tag)
      // The browser would show them as they are.
      .filter((tag) => visibleName(tag) === tag)
      .slice(0, SUGGESTIONS_MAX)
  );
}

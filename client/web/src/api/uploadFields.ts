import type { ApolloCache, TypedDocumentNode } from "@apollo/client";
import type { uploadFields_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";

/**
 * The fields of an upload that list queries fetch and the cache keeps. They include the fields
 * of all components that lists consist of, so that what a mutation returns can be listed.
 */
export const uploadFields = graphql(`
  fragment uploadFields_upload on Upload {
    id
    filename
    contentType
    size
    tags
    status
    statusReason
    createdAt
    storedAt
    expiresAt
    trashedAt
    processing
    media {
      width
      height
      durationSeconds
      pages
      thumbhash
    }
    thumbnail: rendition(name: THUMBNAIL) {
      url
      width
      height
      expiresAt
    }
  }
`);

export type UploadFields = Omit<uploadFields_uploadFragment, " $fragmentName">;

/** Return what identifies an upload in the cache. */
export function uploadRef(id: string) {
  return { __typename: "Upload", id } as const;
}

/** Return what the cache holds of an upload; undefined if it does not have all of it. */
export function cachedUpload(cache: ApolloCache, id: string): UploadFields | undefined {
  return readUpload<UploadFields>(cache, uploadFields, id);
}

/** Return the fields of a cached upload; undefined if the cache does not have all of them. */
export function readUpload<Fields>(
  cache: ApolloCache,
  fragment: TypedDocumentNode<Fields, Record<string, never>>,
  id: string,
  optimistic = false,
): Fields | undefined {
  const key = cache.identify(uploadRef(id));
  if (key === undefined) return undefined;
  const fields = cache.readFragment({ fragment, id: key }, optimistic);
  return (fields as Fields | null) ?? undefined;
}

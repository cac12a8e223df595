import { formatDuration, spokenDuration } from "../format/durations.ts";
import type { headlines_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { t } from "../messages/t.ts";

/** What headlines are made of. */
export const headlineFields = graphql(`
  fragment headlines_upload on Upload {
    id
    processing
    media {
      width
      height
      durationSeconds
      pages
    }
    thumbnail: rendition(name: THUMBNAIL) {
      url
      width
      height
      expiresAt
    }
  }
`);

type Listed = Pick<headlines_uploadFragment, "processing" | "media" | "thumbnail">;

export interface Headline {
  readonly text: string;
  /** For screen readers, where they would read the text differently. */
  readonly spoken: string;
}

/**
 * Return the one fact that lists show: the duration, the number of pages, or that there is no
 * preview (yet). Undefined for images and for files that are not media.
 */
export function headlineOf({ processing, media, thumbnail }: Listed): Headline | undefined {
  if (media?.durationSeconds != null) {
    const seconds = media.durationSeconds;
    return { text: formatDuration(seconds), spoken: spokenDuration(seconds) };
  }
  if (media?.pages != null) return same(t("facts.pages", { count: media.pages }));
  if (thumbnail !== null) return undefined;
  if (processing === "PENDING") return same(t("facts.processing"));
  if (processing === "FAILED") return same(t("facts.noPreview"));
  return undefined;
}

function same(text: string): Headline {
  return { text, spoken: text };
}

/** Return "4,032 × 3,024" for a picture or a video. */
export function dimensionsOf(
  media: { readonly width: number | null; readonly height: number | null } | null,
): string | undefined {
  if (media?.width == null || media.height == null) return undefined;
  return t("facts.size", { width: media.width, height: media.height });
}

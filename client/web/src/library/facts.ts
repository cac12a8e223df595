import { formatCameraTime } from "../format/dates.ts";
import { count, formatDuration, spokenDuration } from "../format/durations.ts";
import type { UploadFieldsFragment, UploadQuery } from "../graphql/graphql.ts";

type Listed = Pick<UploadFieldsFragment, "processing" | "media" | "thumbnail">;
type Media = NonNullable<NonNullable<UploadQuery["upload"]>["media"]>;

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
  if (media?.pages != null) return same(count(media.pages, "page"));
  if (thumbnail !== null) return undefined;
  if (processing === "PENDING") return same("Processing…");
  if (processing === "FAILED") return same("No preview");
  return undefined;
}

function same(text: string): Headline {
  return { text, spoken: text };
}

/** Return "4,032 × 3,024" for a picture or a video. */
export function dimensionsOf(media: Listed["media"]): string | undefined {
  if (media?.width == null || media.height == null) return undefined;
  return `${media.width.toLocaleString("en")} × ${media.height.toLocaleString("en")}`;
}

/** Return what is known about a file, as terms with their values. */
export function factsOf(media: Media): readonly (readonly [term: string, value: string])[] {
  const dimensions = dimensionsOf(media);
  const { durationSeconds, frameRate, videoCodec, audioCodec, pages, capturedAt, camera } = media;
  return [
    ["Dimensions", dimensions === undefined ? undefined : `${dimensions} pixels`],
    ["Duration", durationSeconds === null ? undefined : formatDuration(durationSeconds)],
    ["Frame rate", frameRate === null ? undefined : `${rounded(frameRate)} per second`],
    ["Video codec", videoCodec === null ? undefined : codecName(videoCodec)],
    ["Audio codec", audioCodec === null ? undefined : codecName(audioCodec)],
    ["Pages", pages?.toLocaleString("en")],
    ["Taken", capturedAt === null ? undefined : formatCameraTime(capturedAt)],
    ["Camera", camera ?? undefined],
  ].filter((fact): fact is [string, string] => fact[1] !== undefined);
}

interface Processed extends Pick<Listed, "processing" | "thumbnail"> {
  readonly processingError: string | null;
}

/** Say why there is no preview (yet); undefined if there is one, or none is made of such files. */
export function processingText(upload: Processed): string | undefined {
  switch (upload.processing) {
    case "PENDING":
      return upload.thumbnail === null
        ? "The preview is being made. It appears here when it is ready."
        : "The preview is being made again.";
    case "FAILED":
      return `${upload.processingError ?? "The file could not be decoded."} There is no preview; the file itself is unchanged.`;
    default:
      return undefined;
  }
}

function rounded(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 2 });
}

/** The names of the codecs that FFmpeg abbreviates. */
const CODECS: Readonly<Record<string, string>> = {
  aac: "AAC",
  alac: "Apple Lossless",
  av1: "AV1",
  flac: "FLAC",
  h264: "H.264",
  hevc: "H.265 (HEVC)",
  mjpeg: "Motion JPEG",
  mp3: "MP3",
  mpeg4: "MPEG-4",
  opus: "Opus",
  prores: "ProRes",
  vorbis: "Vorbis",
  vp8: "VP8",
  vp9: "VP9",
};

function codecName(codec: string): string {
  return Object.hasOwn(CODECS, codec) ? (CODECS[codec] ?? codec) : codec;
}

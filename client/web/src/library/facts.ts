import { formatCameraTime } from "../format/dates.ts";
import { formatDuration } from "../format/durations.ts";
import type { facts_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { language } from "../messages/language.ts";
import { formatNumber, t } from "../messages/t.ts";
import { dimensionsOf } from "./headlines.ts";

/** What is known about a file. */
export const factFields = graphql(`
  fragment facts_upload on Upload {
    id
    processing
    processingError
    thumbnail: rendition(name: THUMBNAIL) {
      url
    }
    checksum {
      algorithm
      value
    }
    media {
      width
      height
      durationSeconds
      pages
      frameRate
      videoCodec
      audioCodec
      capturedAt
      camera
    }
  }
`);

type Facts = facts_uploadFragment;
type Media = NonNullable<Facts["media"]>;

/** Return what is known about a file, as terms with their values. */
export function factsOf(media: Media): readonly (readonly [term: string, value: string])[] {
  const dimensions = dimensionsOf(media);
  const { durationSeconds, frameRate, videoCodec, audioCodec, pages, capturedAt, camera } = media;
  return [
    [
      t("facts.term.dimensions"),
      dimensions === undefined ? undefined : t("facts.pixels", { size: dimensions }),
    ],
    [
      t("facts.term.duration"),
      durationSeconds === null ? undefined : formatDuration(durationSeconds),
    ],
    [
      t("facts.term.frameRate"),
      frameRate === null ? undefined : t("facts.perSecond", { rate: rounded(frameRate) }),
    ],
    [t("facts.term.videoCodec"), videoCodec === null ? undefined : codecName(videoCodec)],
    [t("facts.term.audioCodec"), audioCodec === null ? undefined : codecName(audioCodec)],
    [t("facts.term.pages"), pages === null ? undefined : formatNumber(pages)],
    [t("facts.term.taken"), capturedAt === null ? undefined : formatCameraTime(capturedAt)],
    [t("facts.term.camera"), camera ?? undefined],
  ].filter((fact): fact is [string, string] => fact[1] !== undefined);
}

/** Return the checksum as a term with its value; undefined if the client declared none. */
export function checksumOf({ checksum }: Pick<Facts, "checksum">) {
  if (checksum === null) return undefined;
  const term = checksum.algorithm === "SHA256" ? "SHA-256" : "CRC-64/NVME";
  return { term, value: checksum.value };
}

interface Processed extends Pick<Facts, "processing" | "processingError"> {
  readonly thumbnail: object | null;
}

/** Say why there is no preview (yet); undefined if there is one, or none is made of such files. */
export function processingText(upload: Processed): string | undefined {
  switch (upload.processing) {
    case "PENDING":
      return upload.thumbnail === null ? t("facts.previewPending") : t("facts.previewAgain");
    case "FAILED":
      return t("facts.previewFailed", {
        reason: upload.processingError ?? t("facts.notDecoded"),
      });
    default:
      return undefined;
  }
}

function rounded(value: number): string {
  return value.toLocaleString(language.tag, { maximumFractionDigits: 2 });
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

import { expect, it } from "vitest";
import { formatDuration, spokenDuration } from "../../src/format/durations.ts";
import { checksumOf, factsOf, processingText } from "../../src/library/facts.ts";
import { headlineOf } from "../../src/library/headlines.ts";

const THUMBNAIL = {
  ...{ __typename: "Rendition" as const, url: "https://bucket.test/t.webp" },
  ...{ width: 320, height: 240, expiresAt: "2026-01-01T02:00:00Z" },
};
const LISTED = {
  __typename: "Media" as const,
  ...{ width: null, height: null, durationSeconds: null, pages: null, thumbhash: null },
};
const MEDIA = {
  ...LISTED,
  ...{ frameRate: null, videoCodec: null, audioCodec: null },
  ...{ capturedAt: null, camera: null, hasLocation: false },
};

it.each([
  [0, "0:00", "0 seconds"],
  [0.04, "0:01", "1 second"],
  [7.4, "0:07", "7 seconds"],
  [59.6, "1:00", "1 minute"],
  [83, "1:23", "1 minute 23 seconds"],
  [3723, "1:02:03", "1 hour 2 minutes 3 seconds"],
  [360_000, "100:00:00", "100 hours"],
])("formats %d seconds as %s", (seconds, text, spoken) => {
  expect(formatDuration(seconds)).toBe(text);
  expect(spokenDuration(seconds)).toBe(spoken);
});

it.each([
  ["a video", "DONE", { durationSeconds: 83.4 }, "1:23"],
  ["a PDF", "DONE", { pages: 12 }, "12 pages"],
  ["a PDF of one page", "DONE", { pages: 1 }, "1 page"],
  ["a photo", "DONE", { width: 4032, height: 3024 }, undefined],
  ["a file to be processed", "PENDING", null, "Processing…"],
  ["a video that is processed again", "PENDING", { durationSeconds: 83.4 }, "1:23"],
  ["garbage", "FAILED", null, "No preview"],
  ["a text", "NONE", null, undefined],
] as const)("has a headline for %s", (_, processing, media, text) => {
  const known = media === null ? null : { ...LISTED, ...media };
  expect(headlineOf({ processing, media: known, thumbnail: null })?.text).toBe(text);
});

it("does not call a photo unfinished that has its thumbnail", () => {
  expect(headlineOf({ processing: "PENDING", media: LISTED, thumbnail: THUMBNAIL })).toBe(
    undefined,
  );
});

it("lists what is known, and only that", () => {
  expect(factsOf(MEDIA)).toEqual([]);
  const video = { width: 1920, height: 1080, durationSeconds: 83.4, frameRate: 30_000 / 1001 };
  expect(factsOf({ ...MEDIA, ...video, videoCodec: "h264", audioCodec: "pcm_s16le" })).toEqual([
    ["Dimensions", "1,920 × 1,080 pixels"],
    ["Duration", "1:23"],
    ["Frame rate", "29.97 per second"],
    ["Video codec", "H.264"],
    ["Audio codec", "pcm_s16le"],
  ]);
  expect(factsOf({ ...MEDIA, pages: 1200 })).toEqual([["Pages", "1,200"]]);
  expect(factsOf({ ...MEDIA, videoCodec: "constructor" })).toEqual([
    ["Video codec", "constructor"],
  ]);
});

it("shows the camera's clock, in any time zone and without one", () => {
  const facts = factsOf({ ...MEDIA, capturedAt: "2024-05-01T10:20:30Z", camera: "Phone P1" });
  expect(facts.map(([term]) => term)).toEqual(["Taken", "Camera"]);
  expect(facts[0]?.[1].replaceAll("\u202f", " ")).toBe("May 1, 2024, 10:20 AM");
});

it("says why there is no preview", () => {
  const upload = { thumbnail: null, processingError: null } as const;
  expect(processingText({ ...upload, processing: "NONE" })).toBeUndefined();
  expect(processingText({ ...upload, processing: "DONE" })).toBeUndefined();
  expect(processingText({ ...upload, processing: "PENDING" })).toContain("is being made");
  const processingError = "The PDF needs a password.";
  expect(processingText({ ...upload, processing: "FAILED", processingError })).toBe(
    "The PDF needs a password. There is no preview; the file itself is unchanged.",
  );
});

it.each([
  ["SHA256", "SHA-256"],
  ["CRC64NVME", "CRC-64/NVME"],
] as const)("a checksum is named by its algorithm: %s", (algorithm, term) => {
  const checksum = { __typename: "Checksum" as const, algorithm, value: "abc=" };
  expect(checksumOf({ checksum })).toEqual({ term, value: "abc=" });
  expect(checksumOf({ checksum: null })).toBeUndefined();
});

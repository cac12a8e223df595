import { expect, it } from "vitest";
import { formatBytes } from "../../src/format/bytes.ts";
import { formatAgo } from "../../src/format/dates.ts";
import { waiting } from "../../src/format/waiting.ts";
import { typeName } from "../../src/library/kind.ts";

it.each([
  [0, "0 bytes"],
  [1, "1 byte"],
  [999, "999 bytes"],
  [1000, "1 kB"],
  [1550, "1.6 kB"],
  [999_940, "1,000 kB"],
  [999_960, "1 MB"],
  [1_234_000_000, "1.2 GB"],
  [2 ** 53 - 1, "9 PB"],
])("formats %d bytes as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  ["2026-01-10T11:59:50Z", "just now"],
  ["2026-01-10T11:55:00Z", "5 minutes ago"],
  ["2026-01-10T09:00:00Z", "3 hours ago"],
  ["2026-01-09T12:00:00Z", "yesterday"],
  ["2025-12-01T12:00:00Z", "Dec 1, 2025"],
])("formats %s as %s", (at, text) => {
  expect(formatAgo(at, Date.parse("2026-01-10T12:00:00Z"))).toBe(text);
});

it("formats waiting times", () => {
  expect([1, 40, 300].map(waiting)).toEqual(["1 second", "40 seconds", "5 minutes"]);
});

it.each([
  ["image/png", "photo", "PNG"],
  ["image/svg+xml", "logo.svg", "SVG"],
  ["text/plain", "notes.txt", "TXT"],
  ["application/octet-stream", "data.2024.bin", "BIN"],
  ["application/octet-stream", "a name. Without an extension", "FILE"],
  [
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "Report.docx",
    "DOCX",
  ],
  ["odd", "odd", "ODD"],
])("names the type %s of the file %s %s", (contentType, filename, name) => {
  expect(typeName({ contentType, filename })).toBe(name);
});

import { expect, test } from "vitest";
import { mediaType } from "./mediaType.ts";

test.each([
  "image/png",
  "video/webm;codecs=vp8,opus",
  'video/webm; codecs="vp8, opus"',
  "video/x-matroska;codecs=avc1.64001e, opus",
  "text/plain;",
  "text/plain;charset=utf-8; format=flowed",
  'text/plain; name="a;b\\"c"',
  "IMAGE/PNG",
])("%s is kept", (given) => expect(mediaType(given)).toBe(given));

test.each([
  ["", "application/octet-stream"],
  ["foo", "application/octet-stream"],
  ["/", "application/octet-stream"],
  ["a/b/c", "application/octet-stream"],
  ["image/png, image/jpeg", "application/octet-stream"],
  ["bild/grün", "application/octet-stream"],
  [`x/${"y".repeat(300)}`, "application/octet-stream"],
  [" text/plain ", "text/plain"],
  ["text/plain; charset", "text/plain"],
  ["text/plain; name=grün", "text/plain"],
  ['text/plain; name="open', "text/plain"],
  ["text/plain;a=b\r\nx: y", "text/plain"],
  [`text/plain; a=${"b".repeat(300)}`, "text/plain"],
])("%j becomes %s", (given, expected) => expect(mediaType(given)).toBe(expected));

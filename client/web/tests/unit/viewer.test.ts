import { describe, expect, test } from "vitest";
import { decoderFor, isText } from "../../src/viewer/text.ts";
import { confined, FIT, maxScale, zoomedAt } from "../../src/viewer/zoom.ts";

describe("zoom", () => {
  test("keeps the point under the pointer where it is", () => {
    const placed = zoomedAt(FIT, 2, { x: 100, y: -50 }, 8);
    expect(placed).toEqual({ scale: 2, x: -100, y: 50 });
    expect(zoomedAt(placed, 1, { x: 100, y: -50 }, 8)).toEqual(FIT);
  });

  test("has limits", () => {
    expect(zoomedAt(FIT, 100, { x: 0, y: 0 }, 6).scale).toBe(6);
    expect(zoomedAt(FIT, 0.2, { x: 0, y: 0 }, 6).scale).toBe(1);
    expect(maxScale(1000, 8000)).toBe(16);
    expect(maxScale(1000, 1200)).toBe(4);
    expect(maxScale(0, undefined)).toBe(4);
  });

  test("leaves no gap at an edge of the stage", () => {
    const [picture, stage] = [
      { width: 400, height: 200 },
      { width: 400, height: 400 },
    ];
    // 800 × 400 pixels: 400 to spare in width, none in height.
    expect(confined({ scale: 2, x: 900, y: -90 }, picture, stage)).toEqual({
      scale: 2,
      x: 200,
      y: 0,
    });
  });
});

describe("text", () => {
  test("is recognized by its type", () => {
    for (const type of ["text/plain", "text/html", "application/json", "application/ld+json"]) {
      expect(isText(type), type).toBe(true);
    }
    for (const type of ["application/pdf", "application/zip", "image/svg+xml"]) {
      expect(isText(type), type).toBe(false);
    }
  });

  test("is UTF-8, or UTF-16 with its mark", () => {
    const utf16 = Uint8Array.of(0xff, 0xfe, 0x68, 0, 0x69, 0);
    expect(decoderFor(utf16).decode(utf16)).toBe("hi");
    const utf8 = new TextEncoder().encode("héé");
    expect(decoderFor(utf8).decode(utf8)).toBe("héé");
  });
});

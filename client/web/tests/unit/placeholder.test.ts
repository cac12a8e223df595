import { inflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { placeholderUrl } from "../../src/library/placeholder.ts";

type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

/** Decode a data URL of a PNG without filters, and return the pixel at a place from 0 to 1. */
function pixels(url: string | undefined): (x: number, y: number) => Pixel {
  const png = Buffer.from(url?.replace("data:image/png;base64,", "") ?? "", "base64");
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const start = png.indexOf("IDAT");
  const size = png.readUInt32BE(start - 4);
  const rows = inflateSync(png.subarray(start + 4, start + 4 + size));
  return (x, y) => {
    const [row, column] = [Math.floor(y * height), Math.floor(x * width)];
    const at = row * (1 + width * 4) + 1 + column * 4;
    return [...rows.subarray(at, at + 4)] as unknown as Pixel;
  };
}

// The hashes come from gql_api/adapters/media/thumbhash.py.
it("shows the colours of a picture where they were", () => {
  // 32 x 24 pixels, the left half #f00, the right half #00f.
  const halves = pixels(placeholderUrl("FfYC9ahteYiNiIhwiJiIco+I+Ih4"));
  const [left, right] = [halves(0.1, 0.5), halves(0.9, 0.5)];
  expect(left[0]).toBeGreaterThan(200);
  expect(left[2]).toBeLessThan(60);
  expect(right[0]).toBeLessThan(60);
  expect(right[2]).toBeGreaterThan(200);
  // 18 x 30 pixels, #f0f0e6 above #142814.
  const portrait = pixels(placeholderUrl("YeghBAR4+HiIiIV4mIgLeHT4iA=="));
  expect(Math.min(...portrait(0.5, 0.1))).toBeGreaterThan(180);
  expect(Math.max(...portrait(0.5, 0.9).slice(0, 3))).toBeLessThan(80);
});

it("shows what is transparent as transparent", () => {
  // A disc of #00c800 in the middle of nothing.
  const disc = pixels(placeholderUrl("EHuABQA1KGiIeICKZymIYH33B3iHeICLdw=="));
  expect(disc(0.5, 0.5)[3]).toBeGreaterThan(200);
  expect(disc(0.02, 0.02)[3]).toBeLessThan(60);
});

it("is of one colour where the picture is", () => {
  // 40 x 8 pixels of #5a78c8.
  const plain = pixels(placeholderUrl("IsUBAYB/aDyGiDiHkIYtJPg="));
  for (const x of [0.05, 0.5, 0.95]) {
    const [red, green, blue] = plain(x, 0.5);
    expect(Math.abs(red - 0x5a) + Math.abs(green - 0x78) + Math.abs(blue - 0xc8)).toBeLessThan(30);
  }
});

it("is small", () => {
  expect(placeholderUrl("FfYC9ahteYiNiIhwiJiIco+I+Ih4")?.length).toBeLessThan(6000);
});

it.each(["", "AAAA", "not Base64!", "🙂"])("shows nothing for %j", (hash) => {
  expect(placeholderUrl(hash)).toBeUndefined();
});

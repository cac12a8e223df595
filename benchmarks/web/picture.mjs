import { crc32, deflateSync } from "node:zlib";

/** Return a PNG with soft colours, which differ by `seed`. */
export function picture(width, height, seed) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0, at = 0; y < height; y++) {
    at++; // The filter of the row: none.
    for (let x = 0; x < width; x++) {
      for (const shift of [0, 2, 4]) {
        const wave = Math.sin(x / 170 + seed + shift) + Math.cos(y / 130 - seed * 2 + shift);
        rows[at++] = 128 + wave * 60;
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    ...[
      ["IHDR", header],
      ["IDAT", deflateSync(rows)],
      ["IEND", Buffer.alloc(0)],
    ].flatMap(chunk),
  ]);
}

function chunk([type, data]) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body) >>> 0);
  return [length, body, sum];
}

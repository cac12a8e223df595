import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { deflateSync } from "node:zlib";

/** Return reproducible bytes that do not compress and in which no two blocks are equal. */
export function bytes(size: number, seed: number): Buffer {
  const block = Buffer.alloc(Math.min(size, 1 << 20));
  let state = seed * 2654435761 + 1;
  for (let index = 0; index < block.length; index += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    block[index] = state >>> 24;
  }
  const whole = Buffer.alloc(size);
  for (let at = 0, count = 0; at < size; at += block.length, count += 1) {
    block.writeUInt32LE(count, 0); // Makes each block unique.
    block.copy(whole, at, 0, Math.min(block.length, size - at));
  }
  return whole;
}

export function sha256(data: Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

export interface Sample {
  readonly name: string;
  readonly contentType: string;
  readonly data: Buffer;
}

const ROOT = resolve(import.meta.dirname, "../../../../..");
const TYPES: Readonly<Record<string, string>> = {
  avif: "image/avif",
  bmp: "image/bmp",
  flac: "audio/flac",
  gif: "image/gif",
  heic: "image/heic",
  jpg: "image/jpeg",
  mkv: "video/x-matroska",
  mov: "video/quicktime",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  tiff: "image/tiff",
  txt: "text/plain",
  wav: "audio/wav",
  webm: "video/webm",
  webp: "image/webp",
};

/** A directory for one test's files. */
export class Files {
  private constructor(private readonly directory: string) {}

  static async create(): Promise<Files> {
    return new Files(await mkdtemp(join(tmpdir(), "media-files-")));
  }

  /** Write a file and return its path. */
  async write(name: string, data: Buffer | string): Promise<string> {
    const path = join(this.directory, name);
    await writeFile(path, data);
    return path;
  }

  /** Make the media files of a group of samples.py, or those with these names. */
  async samples(group: "mixed" | "photos", names: readonly string[] = []): Promise<Sample[]> {
    const script = join(import.meta.dirname, "samples.py");
    const words = [script, this.directory, group, ...names];
    await promisify(execFile)(join(ROOT, ".venv/bin/python"), words, {
      env: { ...process.env, PYTHONPATH: ROOT },
    });
    const made = await readdir(this.directory);
    return Promise.all(
      made.sort().map(async (name) => ({
        name,
        contentType: TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream",
        data: await readFile(join(this.directory, name)),
      })),
    );
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Return a PNG image of a colour gradient. */
export function png(width: number, height: number, hue: number): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0, at = 0; y < height; y += 1) {
    rows[at++] = 0;
    for (let x = 0; x < width; x += 1) {
      const wave = Math.sin(x / 40 + hue) * 40 + Math.cos(y / 30 - hue) * 40;
      rows[at++] = clamp(120 + Math.sin(hue) * 100 + wave);
      rows[at++] = clamp(130 + Math.sin(hue + 2) * 90 - (y / height) * 60);
      rows[at++] = clamp(150 + Math.sin(hue + 4) * 90 + (x / width) * 60);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Return one second of a quiet tone. */
export function wav(): Buffer {
  const samples = 8000;
  const data = Buffer.alloc(samples * 2);
  for (let index = 0; index < samples; index += 1) {
    data.writeInt16LE(Math.round(Math.sin(index / 5) * 4000), index * 2);
  }
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

import type { ApolloClient } from "@apollo/client";
import { makeZip, predictLength } from "client-zip";
import { Links } from "./links.ts";
import { pathsInZip } from "./names.ts";
import { readFile } from "./readFile.ts";
import type { ZipTarget } from "./target.ts";
import { t } from "../messages/t.ts";

/** A stored upload to put into a ZIP. */
export interface ZipFile {
  readonly id: string;
  readonly filename: string;
  readonly size: number;
  readonly createdAt: string;
}

export interface ZipProgress {
  readonly files: number;
  readonly bytes: number;
}

/** A file that is not in the ZIP, or not all of it. */
export interface FailedFile {
  readonly filename: string;
  /** Whether the ZIP contains its start. */
  readonly cut: boolean;
}

interface ZipOptions {
  readonly client: ApolloClient;
  readonly target: ZipTarget;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ZipProgress) => void;
}

export class ZipTooLarge extends Error {
  constructor(readonly maxBytes: number) {
    super("The ZIP is too large for this browser.");
  }
}

/**
 * Write a ZIP of the files to the target, straight from the bucket. Returns the files that failed:
 * the ZIP lists them, since they are missing or incomplete. All others are complete.
 *
 * @throws ZipTooLarge before anything is loaded; the signal's reason if it aborts; or what the
 *   target throws, for example if the disk is full.
 */
export async function downloadZip(
  files: readonly ZipFile[],
  { client, target, signal, onProgress }: ZipOptions,
): Promise<FailedFile[]> {
  // The last one is the list of files that failed.
  const paths = pathsInZip([...files.map(({ filename }) => filename), t("zip.report.name")]);
  const { maxBytes } = target;
  const entries = files.map(({ size }, index) => ({ name: paths[index], size }));
  if (maxBytes !== undefined && predictLength(entries) > maxBytes) throw new ZipTooLarge(maxBytes);

  const links = new Links(
    client,
    files.map(({ id }) => id),
  );
  const failed: FailedFile[] = [];
  const done = { files: 0, bytes: 0 };
  async function* contents() {
    for (const [index, file] of files.entries()) {
      const entry = await opened(readFile(file, links, signal), (bytes) => {
        done.bytes += bytes;
        onProgress({ ...done });
      });
      const about = { name: paths[index], lastModified: new Date(file.createdAt) };
      if (entry.started) yield { input: entry.rest(), ...about };
      signal.throwIfAborted();
      if (entry.failed) failed.push({ filename: file.filename, cut: entry.started });
      done.files += 1;
      onProgress({ ...done });
    }
    if (failed.length > 0) yield { input: report(failed), name: paths.at(-1) };
  }
  await target.write(makeZip(contents()), signal);
  return failed;
}

/**
 * Read the first bytes of a file before its entry begins, so that a file that can't be read gets
 * none. If reading fails later, the entry ends there, because a ZIP can't take it back.
 */
async function opened(bytes: AsyncGenerator<Uint8Array>, onBytes: (bytes: number) => void) {
  const entry = { started: false, failed: false, rest };
  let first: IteratorResult<Uint8Array, void> | undefined;
  try {
    first = await bytes.next();
    entry.started = true;
  } catch {
    entry.failed = true;
  }
  async function* rest() {
    try {
      for (let next = first; next?.done === false; next = await bytes.next()) {
        onBytes(next.value.length);
        yield next.value;
      }
    } catch {
      entry.failed = true;
    }
  }
  return entry;
}

function report(failed: readonly FailedFile[]): string {
  const lines = failed.map(({ filename, cut }) =>
    cut ? t("zip.report.cut", { name: filename }) : filename,
  );
  return `${t("zip.report.title")}\n\n${lines.join("\n")}\n`;
}

import { FileGone, type Links } from "./links.ts";

const ATTEMPTS = 4;
const PAUSE_MS = 1000;

interface Source {
  readonly id: string;
  readonly size: number;
}

/**
 * Yield a file's bytes. A connection that breaks is continued where it broke, with a new link.
 *
 * @throws if the file can't be read to its end in several attempts, or if the signal aborts.
 */
export async function* readFile(
  { id, size }: Source,
  links: Links,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  for (let attempt = 1; ; attempt += 1) {
    const before = read;
    try {
      for await (const bytes of request(await links.get(id), read, signal)) {
        read += bytes.length;
        yield bytes;
      }
      if (read === size) return;
      throw new Error("The connection was closed early.");
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof FileGone) throw error;
      if (read > before) attempt = 1; // It got further, so it may get to the end.
      if (attempt >= ATTEMPTS || read > size) throw error;
      links.drop(id);
      await pause(PAUSE_MS * attempt, signal);
    }
  }
}

async function* request(
  url: string,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const headers = from === 0 ? {} : { Range: `bytes=${from}-` };
  const response = await fetch(url, { headers, signal });
  if (response.status === 404) throw new FileGone();
  if (response.status !== (from === 0 ? 200 : 206) || response.body === null) {
    throw new Error(`The bucket answered ${response.status}.`);
  }
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}

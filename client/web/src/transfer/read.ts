import { TransferError } from "./errors.ts";

/** A part's bytes. */
export async function readPart(file: Blob, offset: number, size: number): Promise<ArrayBuffer> {
  let bytes: ArrayBuffer;
  try {
    bytes = await file.slice(offset, offset + size).arrayBuffer();
  } catch (cause) {
    throw unreadable(cause);
  }
  if (bytes.byteLength !== size) throw unreadable(undefined);
  return bytes;
}

/** Throws if the file can't be read any more; a request that fails for that does not say so. */
export async function checkReadable(file: Blob): Promise<void> {
  if (file.size > 0) await readPart(file, 0, 1);
}

/** Browsers offer WebCrypto to secure origins (HTTPS, localhost) only. */
export function canHash(): boolean {
  return (globalThis.crypto as Partial<Crypto> | undefined)?.subtle !== undefined;
}

/** The Base64 SHA-256. The browser computes it in a thread of its own. */
export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...digest));
}

function unreadable(cause: unknown): TransferError {
  return new TransferError(
    "file",
    "The file can't be read any more: it was changed, moved or deleted. Choose it again.",
    { cause },
  );
}

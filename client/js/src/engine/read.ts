import { TransferError } from "./errors.ts";

/** Read a part's bytes; throws a TransferError if the file can't be read. */
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

/** Throw if the file can't be read any more, which the failure of a request does not reveal. */
export async function checkReadable(file: Blob): Promise<void> {
  if (file.size > 0) await readPart(file, 0, 1);
}

/** Whether WebCrypto is available, which it is in secure contexts (HTTPS, localhost) only. */
export function canHash(): boolean {
  return (globalThis.crypto as Partial<Crypto> | undefined)?.subtle !== undefined;
}

/** Return the SHA-256 digest in Base64. The browser computes it in another thread. */
export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...digest));
}

function unreadable(cause: unknown): TransferError {
  return new TransferError(
    "file",
    "The file can't be read: it was changed, moved or deleted. Choose it again.",
    { cause },
  );
}

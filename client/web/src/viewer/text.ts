/** How much of a text is loaded at once, and how much at most: more makes pages slow. */
export const CHUNK_BYTES = 262_144;
export const SHOWN_MAX_BYTES = 2_097_152;

const TEXT_TYPES =
  /^(text\/.+|application\/(.+\+)?(json|xml|yaml|toml)|application\/(x-)?(javascript|ndjson|yaml|sh|sql|toml|httpd-php))$/;

/** Return whether files of this type are shown as text. */
export function isText(contentType: string): boolean {
  return TEXT_TYPES.test(contentType.split(";", 1)[0]?.trim() ?? "");
}

/** Return the decoder for a text that begins with these bytes: UTF-16 with its mark, or UTF-8. */
export function decoderFor(start: Uint8Array): TextDecoder {
  if (start[0] === 0xff && start[1] === 0xfe) return new TextDecoder("utf-16le");
  if (start[0] === 0xfe && start[1] === 0xff) return new TextDecoder("utf-16be");
  return new TextDecoder();
}

/**
 * Fetch a range of a file, `to` exclusive.
 *
 * @throws if the response is not that range.
 */
export async function fetchRange(
  url: string,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const response = await fetch(url, { headers: { Range: `bytes=${from}-${to - 1}` }, signal });
  if (response.status !== 206) throw new Error(`The bucket answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}

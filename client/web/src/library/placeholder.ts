import { thumbHashToDataURL } from "thumbhash";

const SHORTEST_BYTES = 5;

/**
 * Return the blurred picture that a thumbhash in Base64 describes, as a data URL of about 5 kB;
 * undefined if it is not a thumbhash.
 */
export function placeholderUrl(thumbhash: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(thumbhash), (character) => character.charCodeAt(0));
    return bytes.length < SHORTEST_BYTES ? undefined : thumbHashToDataURL(bytes);
  } catch {
    return undefined;
  }
}

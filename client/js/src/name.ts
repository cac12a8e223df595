/** The package's name, which also names what it stores in the browser. */
export const NAME = "media-upload";

/** Return a random id. `crypto.randomUUID` exists in secure contexts only. */
export function randomId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

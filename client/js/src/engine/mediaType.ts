const UNKNOWN = "application/octet-stream";
const MAX_LENGTH = 200;

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[^"\\\\\\x00-\\x1f\\x7f-\\uffff]|\\\\[\\x20-\\x7e])*"';
// What browsers write without quotes, although RFC 9110 requires them: `codecs=vp8,opus`.
const UNQUOTED = "[!#-:<-\\[\\]-~]+(?: +[!#-:<-\\[\\]-~]+)*";
const MEDIA_TYPE = new RegExp(`^(${TOKEN}/${TOKEN})[ \\t]*(;.*)?$`, "s");
const PARAMETERS = new RegExp(`^(?:;[ \\t]*(?:${TOKEN}=(?:${QUOTED}|${UNQUOTED})[ \\t]*)?)*$`);

/**
 * Return the media type to request for a file, from the type that the browser or a caller gave it.
 * The service rejects what is not a media type, so parameters that it can't read are left out, and
 * a text such as `foo` becomes application/octet-stream.
 */
export function mediaType(given: string): string {
  const text = given.trim();
  const [, essence, parameters = ""] = MEDIA_TYPE.exec(text) ?? [];
  if (essence === undefined || essence.length > MAX_LENGTH) return UNKNOWN;
  return text.length <= MAX_LENGTH && PARAMETERS.test(parameters) ? text : essence;
}

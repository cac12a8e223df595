import { t } from "../messages/t.ts";

const SPACES = " \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u2800\\u3000";
// Controls (C0, C1), default ignorable characters (Unicode's DerivedCoreProperties.txt, with the
// bidi controls), line separators, interlinear annotations, and unpaired surrogates.
const HIDDEN =
  "\\0-\\x1f\\x7f-\\x9f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f" +
  "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ud800-\\udfff\\ufe00-\\ufe0f\\ufeff" +
  "\\uffa0\\ufff0-\\ufffb\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}";
// Joiners and variation selectors shape the character before them. No script below U+0600 (Latin,
// Greek, Cyrillic, Hebrew) uses them, so after such a character they are hidden. All others keep
// at most one selector, followed by at most one joiner.
const SELECTOR = "[\\u180b-\\u180d\\u180f\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]";
const JOINER = "[\\u180e\\u200c\\u200d]";
const SHAPED = `(?![${SPACES}${HIDDEN}])[\\u0600-\\u{10ffff}]${SELECTOR}?${JOINER}?`;
const SIGN = "[0-9#*\\u00a9\\u00ae]\\ufe0f";
const FLAG = "\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{3,6}\\u{e007f}";
const KEPT_OR_HIDDEN = new RegExp(`${FLAG}|${SIGN}|${SHAPED}|([${HIDDEN}])`, "gu");
const ONLY_BLANK = new RegExp(`^[${SPACES}${HIDDEN}]*$`, "u");

/**
 * Return the name with every hidden character as `[U+202E]`, or "(blank)" if it shows nothing, so
 * that no character is hidden and none reorders the others. Hidden are controls, bidi controls and
 * zero-width characters. Joiners and variation selectors stay where a script or an emoji needs
 * them. All clients pass the cases in tests/attacks/visible_names.json.
 */
export function visibleName(name: string): string {
  if (ONLY_BLANK.test(name)) return t("format.blank");
  return name.replace(KEPT_OR_HIDDEN, (kept, hidden?: string) =>
    hidden === undefined ? kept : `[U+${codePoint(hidden)}]`,
  );
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}

const BLANK = "(blank)";

// Controls, unpaired surrogates, line separators, characters that show nothing by default (Unicode's
// Default_Ignorable_Code_Point, which has the bidi controls), and interlinear annotations.
const HIDDEN = "\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{DI}\\ufff0-\\ufffb";
const SPACES = "\\p{Zs}\\u2800";
// Scripts above U+0600 and emoji need joiners and selectors: at most one of each stays.
const SHAPED = `(?![${SPACES}${HIDDEN}])[\\u0600-\\u{10ffff}]\\p{VS}?[\\u180e\\u200c\\u200d]?`;
const SIGN = "[0-9#*\\u00a9\\u00ae]\\ufe0f";
const FLAG = "\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{3,6}\\u{e007f}";
const KEPT_OR_HIDDEN = new RegExp(`${FLAG}|${SIGN}|${SHAPED}|([${HIDDEN}])`, "gu");
const ONLY_BLANK = new RegExp(`^[${SPACES}${HIDDEN}]*$`, "u");

/**
 * Return the name with every hidden character as `[U+202E]`, or "(blank)" if it shows nothing, so
 * that a name can't pretend to be another one. All clients pass the cases in
 * tests/attacks/visible_names.json.
 */
export function visibleName(name: string): string {
  if (ONLY_BLANK.test(name)) return BLANK;
  return name.replace(KEPT_OR_HIDDEN, (kept, hidden?: string) => {
    const code = hidden?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
    return code === undefined ? kept : `[U+${code}]`;
  });
}

/** How many characters before the ending stay visible. */
const KEPT = 6;
/** What follows the last dot is no ending if it is longer. */
const ENDING_MAX = 12;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}]/u;
/** A hidden character, as `visibleName` shows it. */
const MARK = /\[U\+[0-9A-F]{4,6}\]/g;
const SEGMENTER = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Split a visible name in two, such that the first part can be shortened at its end and the second
 * part, with the filename's ending, stays: ["Notes on a long walk in", " autumn.txt"]. The two parts
 * beside each other look like the name, and no character is split. Either part may be empty.
 */
export function splitName(name: string): [start: string, end: string] {
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 && name.length - dot <= ENDING_MAX ? dot : name.length;
  const at = splitAt(name, ending);
  const mark = [...name.matchAll(MARK)].find((each) => within(each, at));
  const whole = mark?.index ?? at;
  return [name.slice(0, whole), name.slice(whole)];
}

function splitAt(name: string, ending: number): number {
  // Digits and words of another direction would change places if they were split.
  if (RIGHT_TO_LEFT.test(name)) return ending;
  const before = [...SEGMENTER.segment(name)].filter(({ index }) => index < ending);
  return before.at(-KEPT)?.index ?? 0;
}

function within(mark: RegExpMatchArray, at: number): boolean {
  const start = mark.index ?? 0;
  return start < at && at < start + mark[0].length;
}

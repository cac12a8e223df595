/** The longest name of a folder or file, in bytes of UTF-8: most systems allow 255. */
const LONGEST_BYTES = 200;
/** Names that Windows reserves for devices, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

const FORBIDDEN = /[<>:"|?*\u0000-\u001f\u007f\p{Surrogate}]/gu;

/**
 * Return a path inside a ZIP for each filename, in order. Folders are kept. No path is absolute or
 * leads out of the folder into which the ZIP is extracted, and none is the same as another, nor a
 * folder of another, on systems that ignore case.
 */
export function pathsInZip(filenames: readonly string[]): string[] {
  const taken = new Set<string>();
  const folders = new Set<string>();
  const cleaned = filenames.map(cleanPath);
  for (const parts of cleaned) {
    for (let depth = 1; depth < parts.length; depth += 1) folders.add(keyOf(parts.slice(0, depth)));
  }
  return cleaned.map((parts) => {
    const folder = parts.slice(0, -1);
    const name = parts.at(-1) ?? "file";
    for (let number = 1; ; number += 1) {
      const candidate = [...folder, number === 1 ? name : numbered(name, number)];
      const key = keyOf(candidate);
      if (taken.has(key) || folders.has(key)) continue;
      taken.add(key);
      return candidate.join("/");
    }
  });
}

function cleanPath(filename: string): string[] {
  const parts = filename
    .split(/[/\\]/)
    .map(cleanName)
    .filter((part) => part !== "");
  return parts.length === 0 ? ["file"] : parts;
}

/** Return a name that all systems allow; empty for `.` and `..`. */
function cleanName(part: string): string {
  // Windows drops dots and spaces at the end, so "a" and "a." would be the same file.
  const safe = part
    .replace(FORBIDDEN, "_")
    .trim()
    .replace(/[. ]+$/, "");
  return shortened(RESERVED.test(safe) ? `_${safe}` : safe);
}

/** Shorten the middle of a long name, so that its ending stays. */
function shortened(name: string): string {
  const encoder = new TextEncoder();
  if (encoder.encode(name).length <= LONGEST_BYTES) return name;
  const { stem, ending } = split(name);
  const characters = Array.from(stem);
  while (encoder.encode(characters.join("") + ending).length > LONGEST_BYTES) characters.pop();
  return characters.join("") + ending;
}

function numbered(name: string, number: number): string {
  const { stem, ending } = split(name);
  return `${stem} (${number})${ending}`;
}

function split(name: string): { stem: string; ending: string } {
  const ending = /[^.](\.[^.]{1,16})$/.exec(name)?.[1] ?? "";
  return { stem: name.slice(0, name.length - ending.length), ending };
}

function keyOf(parts: readonly string[]): string {
  return parts.join("/").normalize("NFC").toLowerCase();
}

import { languages } from "virtual:languages";
import type { Part } from "./t.ts";

/** The key in localStorage of the language that was chosen; otherwise, the browser's are used. */
const KEY = "media.language";
const ENGLISH = "en";

interface Catalogue {
  readonly direction: "ltr" | "rtl";
  /** By the keys that the build puts into the code. */
  readonly messages: Readonly<Record<string | number, readonly Part[]>>;
}

/** The language of the page. English needs no catalogue, since its texts are in the code. */
export const language: { tag: string; messages?: Catalogue["messages"] } = { tag: chosen() };

/** Return the first language that the user prefers and that exists. */
function chosen(): string {
  // Tests without a browser have neither.
  const { localStorage, navigator } = globalThis as Partial<typeof globalThis>;
  const wanted = [localStorage?.getItem(KEY) ?? "", ...(navigator?.languages ?? [])];
  const known = [ENGLISH, ...Object.keys(languages)];
  for (const tag of wanted) {
    const found = known.find((each) => each === tag || each === tag.split("-")[0]);
    if (found !== undefined) return found;
  }
  return ENGLISH;
}

/** Load the texts of the language, before anything is shown; if that fails, the page is in English. */
export async function loadLanguage(): Promise<void> {
  const load = languages[language.tag];
  if (load === undefined) return;
  try {
    const { direction, messages } = await load();
    language.messages = messages;
    document.documentElement.lang = language.tag;
    document.documentElement.dir = direction;
  } catch {
    language.tag = ENGLISH;
  }
}

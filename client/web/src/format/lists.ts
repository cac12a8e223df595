import { language } from "../messages/language.ts";

/** Format a list without a conjunction: "PDF, images, videos". */
export function formatList(items: readonly string[]): string {
  return new Intl.ListFormat(language.tag, { type: "unit", style: "short" }).format(items);
}

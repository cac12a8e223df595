import { language } from "../messages/language.ts";

/** Format a number with a unit of ECMA-402: "30 days", "5 minutes", "1.2 MB" if it is short. */
export function formatUnit(
  value: number,
  unit: string,
  unitDisplay: "long" | "short" = "long",
  maximumFractionDigits = 0,
): string {
  return formatter({ style: "unit", unit, unitDisplay, maximumFractionDigits }).format(value);
}

/** Format a share as a percentage: "34%". */
export function formatPercent(share: number): string {
  return formatter({ style: "percent" }).format(share);
}

const formatters = new Map<string, Intl.NumberFormat>();

/** Lists format hundreds of numbers, and creating a formatter takes longer than all of them. */
function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let known = formatters.get(key);
  if (known === undefined) {
    known = new Intl.NumberFormat(language.tag, options);
    formatters.set(key, known);
  }
  return known;
}

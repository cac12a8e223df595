import { message, type Message } from "../messages/t.ts";
import type { Filters } from "./filters.ts";

// Apart from the filters themselves: the first view of the library does not need these.
export const KIND_LABELS: Readonly<Record<Filters["kind"], Message>> = {
  all: message("filters.kind.all"),
  image: message("filters.kind.image"),
  video: message("filters.kind.video"),
  audio: message("filters.kind.audio"),
  pdf: message("filters.kind.pdf"),
  text: message("filters.kind.text"),
};

export const STATUS_LABELS: Readonly<Record<Filters["status"], Message>> = {
  current: message("filters.status.current"),
  stored: message("filters.status.stored"),
  pending: message("filters.status.pending"),
  rejected: message("filters.status.rejected"),
  closed: message("filters.status.closed"),
  all: message("filters.status.all"),
};

/** Return the first days of common periods, by name. */
export function presets(now: Date): Readonly<Record<string, { label: Message; from: string }>> {
  const [year, month, date] = [now.getFullYear(), now.getMonth(), now.getDate()];
  return {
    any: { label: message("filters.period.any"), from: "" },
    today: { label: message("filters.period.today"), from: dayOf(now) },
    week: { label: message("filters.period.week"), from: dayOf(new Date(year, month, date - 6)) },
    month: {
      label: message("filters.period.month"),
      from: dayOf(new Date(year, month, date - 29)),
    },
    year: { label: message("filters.period.year"), from: dayOf(new Date(year, 0, 1)) },
  };
}

/** Return the day as YYYY-MM-DD in the viewer's time zone. */
function dayOf(at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

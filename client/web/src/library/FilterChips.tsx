import { useRef } from "react";
import { formatDay } from "../format/dates.ts";
import { visibleName } from "../format/names.ts";
import { Icon } from "../ui/Icon.tsx";
import { Name } from "../ui/Name.tsx";
import { searchField, type FilterBarProps } from "./FilterBar.tsx";
import { KIND_LABELS, STATUS_LABELS } from "./filterLabels.ts";
import type { Filters } from "./filters.ts";
import { t } from "../messages/t.ts";

const NONE: Omit<Filters, "order"> = {
  search: "",
  kind: "all",
  status: "current",
  tags: [],
  from: "",
  to: "",
};

interface Chip {
  readonly text: string;
  /** The change that takes the filter away. */
  readonly without: Partial<Filters>;
}

/** A chip for each filter that is set, which removes it, and a button that removes all. */
export function FilterChips({ filters, onChange }: FilterBarProps) {
  const line = useRef<HTMLDivElement>(null);
  function change(change: Partial<Filters>) {
    onChange(change);
    // The button that had the focus is gone.
    setTimeout(() => {
      if (document.activeElement !== document.body) return;
      const next = line.current?.querySelector("button") ?? searchField();
      next?.focus();
    });
  }
  return (
    <div ref={line} className="chips" role="group" aria-label={t("filters.inUse")}>
      {chipsOf(filters).map(({ text, without }) => (
        <button
          key={text}
          type="button"
          className="chip"
          aria-label={t("filters.remove", { name: visibleName(text) })}
          onClick={() => change(without)}
        >
          <Name>{text}</Name>
          <Icon name="close" size={14} />
        </button>
      ))}
      <button type="button" className="button plain" onClick={() => change(NONE)}>
        {t("filters.clear")}
      </button>
    </div>
  );
}

function chipsOf({ kind, status, tags, from, to }: Filters): Chip[] {
  const chips: Chip[] = [];
  if (kind !== "all") chips.push({ text: t(KIND_LABELS[kind]), without: { kind: "all" } });
  const dates = datesText(from, to);
  if (dates !== "") chips.push({ text: dates, without: { from: "", to: "" } });
  for (const tag of tags) {
    chips.push({ text: tag, without: { tags: tags.filter((other) => other !== tag) } });
  }
  if (status !== "current") {
    chips.push({ text: t(STATUS_LABELS[status]), without: { status: "current" } });
  }
  return chips;
}

function datesText(from: string, to: string): string {
  const day = (date: string) => formatDay(`${date}T00:00`);
  if (from === "") return to === "" ? "" : t("filters.until", { day: day(to) });
  if (to === "") return t("filters.from", { day: day(from) });
  return from === to ? day(from) : t("filters.between", { from: day(from), to: day(to) });
}

import { useEffect, useEffectEvent, useState } from "react";
import { Icon } from "../ui/Icon.tsx";
import { TagInput } from "./TagInput.tsx";
import { isFiltered, KINDS, ORDERS, STATUSES, type Filters } from "./filters.ts";

/** The search starts when typing pauses for this long. */
const SEARCH_PAUSE_MS = 250;

interface FilterBarProps {
  readonly filters: Filters;
  /** Receives only the changed filters: the others may have changed since the last render. */
  readonly onChange: (change: Partial<Filters>) => void;
}

export function FilterBar({ filters, onChange }: FilterBarProps) {
  const [open, setOpen] = useState(filters.tags.length > 0 || filters.from + filters.to !== "");
  return (
    <search className="filters">
      <div className="filters-line">
        <SearchBox value={filters.search} onChange={(search) => onChange({ search })} />
        <Choice
          label="Type"
          choices={KINDS}
          value={filters.kind}
          onChange={(kind) => onChange({ kind })}
        />
        <Choice
          label="Status"
          choices={STATUSES}
          value={filters.status}
          onChange={(status) => onChange({ status })}
        />
        <Choice
          label="Sort"
          choices={ORDERS}
          value={filters.order}
          onChange={(order) => onChange({ order })}
        />
        <button
          type="button"
          className="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name="filter" size={18} />
          More filters
        </button>
        {isFiltered(filters) && (
          <button type="button" className="button plain" onClick={() => onChange(EMPTY)}>
            Clear filters
          </button>
        )}
      </div>
      {open && (
        <div className="filters-line">
          <TagInput
            label="With all these tags"
            tags={filters.tags}
            onChange={(tags) => onChange({ tags })}
          />
          <label className="inline-field">
            Added from
            <input
              type="date"
              value={filters.from}
              max={filters.to}
              onChange={(event) => onChange({ from: event.target.value })}
            />
          </label>
          <label className="inline-field">
            Added until
            <input
              type="date"
              value={filters.to}
              min={filters.from}
              onChange={(event) => onChange({ to: event.target.value })}
            />
          </label>
        </div>
      )}
    </search>
  );
}

const EMPTY: Omit<Filters, "order"> = {
  search: "",
  kind: "all",
  status: "current",
  tags: [],
  from: "",
  to: "",
};

function SearchBox(props: { readonly value: string; readonly onChange: (text: string) => void }) {
  const { value, onChange } = props;
  const [draft, setDraft] = useState<string>();
  const search = useEffectEvent((text: string) => {
    onChange(text);
    setDraft(undefined);
  });
  useEffect(() => {
    if (draft === undefined) return;
    const timer = setTimeout(() => search(draft), SEARCH_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  return (
    <label className="search-box">
      <Icon name="search" size={18} />
      <input
        type="search"
        placeholder="Search by name"
        aria-label="Search by name"
        value={draft ?? value}
        onChange={(event) => setDraft(event.target.value)}
      />
    </label>
  );
}

interface ChoiceProps<K extends string> {
  readonly label: string;
  readonly choices: Readonly<Record<K, { readonly label: string }>>;
  readonly value: K;
  readonly onChange: (value: K) => void;
}

function Choice<K extends string>({ label, choices, value, onChange }: ChoiceProps<K>) {
  const entries = Object.entries(choices) as [K, { readonly label: string }][];
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value as K)}
    >
      {entries.map(([key, choice]) => (
        <option key={key} value={key}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

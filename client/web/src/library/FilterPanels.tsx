import { useId, type ReactNode } from "react";
import type { FilterBarProps } from "./FilterBar.tsx";
import { KIND_LABELS, presets, STATUS_LABELS } from "./filterLabels.ts";
import { ORDER_LABELS } from "./orderLabels.ts";
import { TagInput } from "./TagInput.tsx";
import { t, type Message } from "../messages/t.ts";

interface PanelProps extends FilterBarProps {
  /** Close the menu. */
  readonly onDone: () => void;
}

export function KindPanel({ filters, onChange, onDone }: PanelProps) {
  return (
    <Choices
      {...{ legend: t("filters.type"), choices: KIND_LABELS, value: filters.kind, onDone }}
      onChange={(kind) => onChange({ kind })}
    />
  );
}

export function StatusPanel({ filters, onChange, onDone }: PanelProps) {
  return (
    <Choices
      {...{ legend: t("filters.status"), choices: STATUS_LABELS, value: filters.status, onDone }}
      onChange={(status) => onChange({ status })}
    />
  );
}

export function OrderPanel({ filters, onChange, onDone }: PanelProps) {
  return (
    <Choices
      {...{ legend: t("filters.sort"), choices: ORDER_LABELS, value: filters.order, onDone }}
      onChange={(order) => onChange({ order })}
    />
  );
}

export function TagPanel({ filters, onChange }: PanelProps) {
  return (
    <TagInput
      label={t("filters.allTags")}
      tags={filters.tags}
      onChange={(tags) => onChange({ tags })}
    />
  );
}

export function DatePanel({ filters, onChange, onDone }: PanelProps) {
  const { from, to } = filters;
  const choices = presets(new Date());
  const value = Object.entries(choices).find((each) => each[1].from === from && to === "");
  return (
    <>
      <Choices
        {...{
          legend: t("filters.added"),
          choices: labelsOf(choices),
          value: value?.[0] ?? "",
          onDone,
        }}
        onChange={(name) => onChange({ from: choices[name]?.from ?? "", to: "" })}
      />
      <Day
        label={t("filters.addedFrom")}
        value={from}
        max={to}
        onChange={(day) => onChange({ from: day })}
      />
      <Day
        label={t("filters.addedUntil")}
        value={to}
        min={from}
        onChange={(day) => onChange({ to: day })}
      />
    </>
  );
}

interface DayProps {
  readonly label: string;
  readonly value: string;
  readonly min?: string;
  readonly max?: string;
  readonly onChange: (day: string) => void;
}

function Day({ label, onChange, ...input }: DayProps) {
  return (
    <label className="inline-field">
      {label}
      <input type="date" {...input} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

function labelsOf<K extends string>(
  choices: Readonly<Record<K, { readonly label: Message }>>,
): Record<K, Message> {
  const entries = Object.entries<{ readonly label: Message }>(choices);
  return Object.fromEntries(entries.map(([key, { label }]) => [key, label])) as Record<K, Message>;
}

interface ChoicesProps<K extends string> {
  readonly legend: string;
  /** The labels of the choices. */
  readonly choices: Readonly<Record<K, Message>>;
  readonly value: K;
  readonly onChange: (value: K) => void;
  readonly onDone: () => void;
}

/** Radio buttons; a click, unlike the arrow keys, also closes the menu. */
function Choices<K extends string>(props: ChoicesProps<K>): ReactNode {
  const { legend, choices, value, onChange, onDone } = props;
  const name = useId();
  const entries = Object.entries(choices) as [K, Message][];
  return (
    <fieldset className="choices">
      <legend className="visually-hidden">{legend}</legend>
      {entries.map(([key, label]) => (
        <label key={key} className="check-line">
          <input
            type="radio"
            name={name}
            checked={key === value}
            onChange={() => onChange(key)}
            onClick={({ detail }) => {
              // The arrow keys also cause a click event, but with a `detail` of 0.
              if (detail > 0) onDone();
            }}
          />
          {t(label)}
        </label>
      ))}
    </fieldset>
  );
}

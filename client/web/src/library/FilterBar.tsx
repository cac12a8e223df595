import { lazy, Suspense, useEffect, useEffectEvent, useRef, useState, type ReactNode } from "react";
import { Icon } from "../ui/Icon.tsx";
import { isFiltered, type Filters } from "./filters.ts";
import { ORDER_LABELS } from "./orderLabels.ts";
import { t } from "../messages/t.ts";

const panels = () => import("./FilterPanels.tsx");
const KindPanel = lazy(async () => ({ default: (await panels()).KindPanel }));
const DatePanel = lazy(async () => ({ default: (await panels()).DatePanel }));
const TagPanel = lazy(async () => ({ default: (await panels()).TagPanel }));
const StatusPanel = lazy(async () => ({ default: (await panels()).StatusPanel }));
const FilterChips = lazy(async () => ({
  default: (await import("./FilterChips.tsx")).FilterChips,
}));
const OrderPanel = lazy(async () => ({ default: (await panels()).OrderPanel }));

/** The search starts when typing pauses for this long. */
const SEARCH_PAUSE_MS = 250;

export interface FilterBarProps {
  readonly filters: Filters;
  /** Receives only the changed filters: the others may have changed since the last render. */
  readonly onChange: (change: Partial<Filters>) => void;
}

/** The search, the menus of filters, and a chip for each filter that is set. */
export function FilterBar(props: FilterBarProps) {
  const { filters, onChange } = props;
  return (
    <search className="filters">
      <div className="filters-line">
        <SearchBox value={filters.search} onChange={(search) => onChange({ search })} />
        <Menu label={t("filters.type")}>{(close) => <KindPanel {...props} onDone={close} />}</Menu>
        <Menu label={t("filters.date")}>{(close) => <DatePanel {...props} onDone={close} />}</Menu>
        <Menu label={t("filters.tags")}>{(close) => <TagPanel {...props} onDone={close} />}</Menu>
        <Menu label={t("filters.status")}>
          {(close) => <StatusPanel {...props} onDone={close} />}
        </Menu>
        <Menu label={t("filters.sort")} value={t(ORDER_LABELS[filters.order])}>
          {(close) => <OrderPanel {...props} onDone={close} />}
        </Menu>
      </div>
      {isFiltered(filters) && (
        <Suspense>
          <FilterChips {...props} />
        </Suspense>
      )}
    </search>
  );
}

interface MenuProps {
  readonly label: string;
  readonly value?: string;
  readonly children: (close: () => void) => ReactNode;
}

/** A button that opens a panel below it. Escape, and a click or the focus elsewhere close it. */
function Menu({ label, value, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const isOutside = (target: EventTarget | null) => !menu.current?.contains(target as Node | null);
  useEffect(() => {
    if (!open) return;
    const press = ({ target }: PointerEvent) => {
      if (isOutside(target)) setOpen(false);
    };
    const button = menu.current?.querySelector("button");
    document.addEventListener("pointerdown", press);
    return () => {
      document.removeEventListener("pointerdown", press);
      // The panel, with what had the focus, is gone.
      if (document.activeElement === document.body) button?.focus();
    };
  }, [open]);
  const close = () => setOpen(false);
  return (
    // It only listens to what happens in the button and the panel.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={menu}
      className="menu"
      onBlur={({ relatedTarget }) => {
        if (relatedTarget !== null && isOutside(relatedTarget)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.preventDefault();
        close();
      }}
    >
      <button
        type="button"
        className="button"
        aria-expanded={open}
        onPointerEnter={() => void panels().catch(() => undefined)}
        onClick={() => setOpen(!open)}
      >
        {label}
        {value !== undefined && <span className="menu-value">{value}</span>}
        <Icon name="chevron" size={16} />
      </button>
      {open && (
        <div className="menu-panel">
          <Suspense>{children(close)}</Suspense>
        </div>
      )}
    </div>
  );
}

/** The search box, which has the shortcut "/", too. */
export function searchField(): HTMLElement | null {
  return document.querySelector<HTMLElement>(".search-box input");
}

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
        placeholder={t("filters.search")}
        aria-label={t("filters.search")}
        value={draft ?? value}
        onChange={(event) => setDraft(event.target.value)}
      />
    </label>
  );
}

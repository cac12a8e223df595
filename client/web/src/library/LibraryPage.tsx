import { lazy, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { loadEventually, whenIdle } from "../shell/idle.ts";
import { useTitle } from "../shell/useTitle.ts";
import { Icon } from "../ui/Icon.tsx";
import { useViewer } from "../viewer/useViewer.ts";
import { ViewerLayer } from "../viewer/ViewerLayer.tsx";
import { DetailsDrawer } from "./DetailsDrawer.tsx";
import { FilterBar, searchField } from "./FilterBar.tsx";

import {
  isFiltered,
  listVariables,
  readFilters,
  writeFilters,
  type Filters,
  type ListVariables,
} from "./filters.ts";
import { LibraryList } from "./LibraryList.tsx";
import { useSecondClick } from "./useSecondClick.ts";
import { useSelection } from "./useSelection.ts";
import { useShortcuts } from "./useShortcuts.ts";
import { useUploads } from "./useUploads.ts";
import { useView } from "./useView.ts";
import { t } from "../messages/t.ts";

const SelectionBar = lazy(async () => ({
  default: (await import("./SelectionBar.tsx")).SelectionBar,
}));
const DeleteNow = lazy(async () => ({
  default: (await import("../trash/DeleteNow.tsx")).DeleteNow,
}));
const LiveUpdates = lazy(async () => {
  await new Promise<void>((resolve) => whenIdle(resolve));
  return { default: (await loadEventually(() => import("./LiveUpdates.tsx"))).LiveUpdates };
});
const ShortcutsDialog = lazy(async () => ({
  default: (await import("./ShortcutsDialog.tsx")).ShortcutsDialog,
}));

/** The details follow the arrow keys when these pause. */
const FOLLOW_MS = 150;

export function LibraryPage() {
  useTitle(t("library.title"));
  const [params, setParams] = useSearchParams();
  const filters = readFilters(params);
  // The same object for the same filters.
  const text = JSON.stringify(listVariables(filters));
  const variables = useMemo(() => JSON.parse(text) as ListVariables, [text]);
  const list = useUploads(variables);
  const selection = useSelection(list.ids ?? [], JSON.stringify(variables.filter));
  const [view, setView] = useView();
  const viewer = useViewer();
  const secondClick = useSecondClick(viewer.open);
  const openId = params.get("open");
  const [activeId, setActiveId] = useState<string | undefined>(openId ?? undefined);
  const shown = useRef<readonly string[]>([]);
  const [deleting, setDeleting] = useState<ReadonlySet<string>>();
  const [helping, setHelping] = useState(false);
  const follow = useRef<ReturnType<typeof setTimeout>>(undefined);
  const setShown = useCallback((ids: readonly string[]) => (shown.current = ids), []);

  function change(change: Partial<Filters>) {
    setParams(writeFilters({ ...readFilters(address()), ...change }, address()), { replace: true });
  }
  function open(id: string | null) {
    clearTimeout(follow.current);
    const next = address();
    const replace = id !== null && next.has("open");
    if (id === null) next.delete("open");
    else next.set("open", id);
    if (id !== null) setActiveId(id);
    setParams(next, { preventScrollReset: true, replace });
  }
  function activate(id: string) {
    setActiveId(id);
    clearTimeout(follow.current);
    if (openId !== null) follow.current = setTimeout(() => open(id), FOLLOW_MS);
  }
  useShortcuts({
    onSearch: () => searchField()?.focus(),
    onSelectAll: selection.selectAll,
    onHelp: () => setHelping(true),
    onEscape: () => {
      if (openId !== null) open(null);
      else if (selection.ids.size > 0) selection.clear();
      else return false;
      return true;
    },
  });
  return (
    <div
      className={openId === null ? "library" : "library open"}
      onClickCapture={secondClick.onClickCapture}
    >
      <div className="library-main">
        <PageHeader {...{ list, view, setView }} onHelp={() => setHelping(true)} />
        <FilterBar filters={filters} onChange={change} />
        <LibraryList
          {...{ list, view, selection, openId, activeId }}
          filtered={isFiltered(filters)}
          order={filters.order}
          onOrder={(order) => change({ order })}
          onActive={activate}
          onOpen={(id) => {
            secondClick.opened(id);
            open(id);
          }}
          onView={viewer.open}
          onDelete={(id) => setDeleting(selection.ids.size === 0 ? new Set([id]) : selection.ids)}
          onShown={setShown}
        />
        {selection.ids.size > 0 && (
          <Suspense>
            <SelectionBar {...{ selection, list }} />
          </Suspense>
        )}
      </div>
      {list.ids !== undefined && (
        <Suspense>
          <LiveUpdates {...{ list, shown, openId }} />
        </Suspense>
      )}
      {openId !== null && <DetailsDrawer id={openId} onClose={() => open(null)} />}
      {deleting !== undefined && (
        <Suspense>
          <DeleteNow
            ids={deleting}
            onDelete={() => selection.remove([...deleting])}
            onReturn={(ids) => selection.restore(ids.filter((id) => selection.ids.has(id)))}
            onDone={() => setDeleting(undefined)}
          />
        </Suspense>
      )}
      {helping && (
        <Suspense>
          <ShortcutsDialog onClose={() => setHelping(false)} />
        </Suspense>
      )}
      <ViewerLayer list={list} />
    </div>
  );
}

interface PageHeaderProps {
  readonly list: ReturnType<typeof useUploads>;
  readonly view: ReturnType<typeof useView>[0];
  readonly setView: ReturnType<typeof useView>[1];
  readonly onHelp: () => void;
}

function PageHeader({ list, view, setView, onHelp }: PageHeaderProps) {
  return (
    <header className="page-header">
      <h1>
        {t("library.title")}{" "}
        <small aria-live="polite">
          {list.ids !== undefined && t("library.files", { count: list.totalCount })}
        </small>
      </h1>
      <div className="page-actions">
        <button
          type="button"
          className="icon-button wide-only"
          aria-label={t("library.shortcuts")}
          title={t("library.shortcutsKey")}
          onClick={onHelp}
        >
          {"?"}
        </button>
        <div className="toggle" role="group" aria-label={t("library.view")}>
          {(["grid", "list"] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={view === each}
              aria-label={each === "grid" ? t("library.grid") : t("library.list")}
              title={each === "grid" ? t("library.grid") : t("library.list")}
              onClick={() => setView(each)}
            >
              <Icon name={each} size={18} />
            </button>
          ))}
        </div>
        <Link to="/upload" className="button primary">
          <Icon name="upload" size={18} />
          {t("library.upload")}
        </Link>
      </div>
    </header>
  );
}

/** Read the current URL: a second change may come before the first one is rendered. */
function address(): URLSearchParams {
  return new URLSearchParams(window.location.search);
}

import { useFragment } from "@apollo/client/react";
import { Link, useSearchParams } from "react-router";
import { uploadFields } from "../api/uploadFields.ts";
import { useTitle } from "../shell/useTitle.ts";
import { Icon } from "../ui/Icon.tsx";
import { DetailsPanel } from "./DetailsPanel.tsx";
import { DropZone } from "./DropZone.tsx";
import { FilterBar } from "./FilterBar.tsx";
import { isFiltered, readFilters, writeFilters, type Filters } from "./filters.ts";
import { LibraryList } from "./LibraryList.tsx";
import { SelectionBar } from "./SelectionBar.tsx";
import { usePendingStatuses } from "./usePendingStatuses.ts";
import { useSelection } from "./useSelection.ts";
import { useUploads } from "./useUploads.ts";
import { useView } from "./useView.ts";

export function LibraryPage() {
  useTitle("Library");
  const [params, setParams] = useSearchParams();
  const filters = readFilters(params);
  const list = useUploads(filters);
  const uploads = list.uploads ?? [];
  const selection = useSelection(uploads);
  const [view, setView] = useView();
  const openId = params.get("open");
  const opened = useFragment({
    fragment: uploadFields,
    fragmentName: "UploadFields",
    from: openId === null ? null : { __typename: "Upload", id: openId },
  });
  // The list may not contain the upload that is open, for example after a filter has changed.
  usePendingStatuses(opened.complete ? [...uploads, opened.data] : uploads);

  function change(change: Partial<Filters>) {
    setParams(writeFilters({ ...readFilters(address()), ...change }), { replace: true });
  }
  function open(id: string | null) {
    const next = address();
    if (id === null) next.delete("open");
    else next.set("open", id);
    setParams(next, { preventScrollReset: true });
  }
  const count = list.uploads === undefined ? "" : countText(list.totalCount);
  return (
    <DropZone>
      <header className="page-header">
        <h1>
          Library <small aria-live="polite">{count}</small>
        </h1>
        <div className="page-actions">
          <div className="toggle" role="group" aria-label="View">
            {(["grid", "list"] as const).map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={view === each}
                aria-label={each === "grid" ? "Grid" : "List"}
                title={each === "grid" ? "Grid" : "List"}
                onClick={() => setView(each)}
              >
                <Icon name={each} size={18} />
              </button>
            ))}
          </div>
          <Link to="/upload" className="button primary">
            <Icon name="upload" size={18} />
            Upload
          </Link>
        </div>
      </header>
      <FilterBar filters={filters} onChange={change} />
      <LibraryList
        list={list}
        view={view}
        selection={selection}
        filtered={isFiltered(filters)}
        onOpen={open}
      />
      {selection.ids.size > 0 && (
        <SelectionBar
          chosen={uploads.filter(({ id }) => selection.ids.has(id))}
          selection={selection}
        />
      )}
      {openId !== null && <DetailsPanel key={openId} id={openId} onClose={() => open(null)} />}
    </DropZone>
  );
}

/** Read the current URL: a second change may come before the first one is rendered. */
function address(): URLSearchParams {
  return new URLSearchParams(window.location.search);
}

function countText(count: number): string {
  return count === 1 ? "1 file" : `${count.toLocaleString("en")} files`;
}

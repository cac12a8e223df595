import { lazy, Suspense, useEffect, useMemo, useRef } from "react";
import "./files.css";
import { measure } from "./measures.ts";
import { UploadGrid } from "./UploadGrid.tsx";
import { useListKeys } from "./useListKeys.ts";
import { usePlace } from "./usePlace.ts";
import { useRows, type Box, type Row } from "./useRows.ts";
import type { Selection } from "./useSelection.ts";
import type { UploadList } from "./useUploads.ts";
import type { View } from "./useView.ts";
import type { Filters } from "./filters.ts";

const UploadTable = lazy(async () => ({
  default: (await import("./UploadTable.tsx")).UploadTable,
}));

/** The next page is loaded when the user is this many windows from the end. */
const AHEAD = 2;

export interface FilesProps {
  readonly list: UploadList;
  readonly ids: readonly string[];
  /** Where the list is; undefined until it is laid out. */
  readonly box: Box | undefined;
  readonly view: View;
  readonly selection: Selection;
  readonly order: Filters["order"];
  readonly onOrder: (order: Filters["order"]) => void;
  readonly activeId: string | undefined;
  /** The file whose details are open. */
  readonly openId: string | null;
  readonly onActive: (id: string) => void;
  readonly onOpen: (id: string) => void;
  /** Show the file in the viewer. */
  readonly onView: (id: string) => void;
  readonly onDelete: (id: string) => void;
  /** Receives the ids of the files in view. Must be the same function in each render. */
  readonly onShown: (ids: readonly string[]) => void;
}

/** What both views need to show a file, and where. */
export interface ShownFile {
  readonly id: string;
  readonly place: number;
  readonly row: Row;
}

/** The uploads in rows of one height; of thousands, the page contains only those in view. */
export function Files(props: FilesProps) {
  const { list, ids, box, view, selection, activeId, onActive, onShown } = props;
  const element = useRef<HTMLDivElement>(null);
  const measures = measure(view, box?.width ?? 0);
  const { columns, rowPx, headPx } = measures;
  const topPx = (box?.top ?? 0) + headPx;
  const places = useMemo(() => new Map(ids.map((id, place) => [id, place])), [ids]);
  const active = places.get(activeId ?? "") ?? 0;
  const count = box === undefined ? 0 : Math.ceil(ids.length / columns);
  const rows = useRows({ count, rowPx, topPx, kept: Math.floor(active / columns) });
  const { shown } = rows;
  const first = shown === undefined ? 0 : shown.first * columns;
  const end = shown === undefined ? 0 : (shown.last + 1) * columns;

  useEffect(() => {
    onShown(ids.slice(first, end));
  }, [onShown, ids, first, end]);
  const { hasMore, problem, loadMore } = list;
  const near = shown !== undefined && end + AHEAD * (end - first) >= ids.length;
  useEffect(() => {
    // After a failure, only a click retries.
    if (near && hasMore && problem === undefined) loadMore();
  });
  usePlace({
    ready: count > 0,
    topPx,
    rowPx,
    columns,
    active,
    ids,
    look: rows.look,
    hasMore,
    loadMore,
  });
  const press = useListKeys({
    list: element,
    count: ids.length,
    columns,
    page: Math.max(columns, end - first - columns),
    active,
    onMove: (place) => withId(place, onActive),
    onSelect: (place, range) => withId(place, (id) => selection.toggle(id, range)),
    onView: (place) => withId(place, props.onView),
    onDelete: (place) => withId(place, props.onDelete),
  });
  function withId(place: number, act: (id: string) => void) {
    const id = ids[place];
    if (id !== undefined) act(id);
  }
  const files = rows.rows.flatMap((row) =>
    ids
      .slice(row.index * columns, (row.index + 1) * columns)
      .map((id, column) => ({ id, place: row.index * columns + column, row })),
  );
  const Uploads = view === "grid" ? UploadGrid : UploadTable;
  return (
    <div ref={element}>
      <Suspense>
        <Uploads {...{ ...props, ...measures, files, active, press }} heightPx={rows.heightPx} />
      </Suspense>
    </div>
  );
}

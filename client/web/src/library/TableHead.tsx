import { useEffect, useRef } from "react";
import { Icon } from "../ui/Icon.tsx";
import type { FilesProps } from "./Files.tsx";
import { ORDERS, type Filters } from "./filters.ts";
import { message, t, type Message } from "../messages/t.ts";

type Order = Filters["order"];

interface Column {
  readonly label: Message;
  readonly className?: string;
  /** The orders of this column; a click on its header chooses the first one, another the second. */
  readonly orders?: readonly [Order, Order];
}

const COLUMNS: readonly Column[] = [
  { label: message("library.column.name"), orders: ["name", "nameDown"] },
  { label: message("library.column.tags"), className: "wide-only" },
  { label: message("library.column.type"), className: "wide-only" },
  { label: message("library.column.size"), className: "number", orders: ["largest", "smallest"] },
  { label: message("library.column.added"), className: "wide-only", orders: ["newest", "oldest"] },
  { label: message("library.column.status") },
];

/** The header of the table: it sorts, and its checkbox selects all files that are loaded. */
export function TableHead({ order, onOrder, selection, ids }: FilesProps) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        <td>
          <SelectAll selection={selection} ids={ids} />
        </td>
        {COLUMNS.map(({ label, className, orders }, index) => (
          <th
            key={index}
            scope="col"
            className={className}
            aria-sort={orders === undefined ? undefined : sortOf(orders, order)}
          >
            {orders === undefined ? (
              t(label)
            ) : (
              <button
                type="button"
                className="sort"
                onClick={() => onOrder(order === orders[0] ? orders[1] : orders[0])}
              >
                {t(label)}
                <Icon name="chevron" size={14} />
              </button>
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function sortOf(orders: readonly Order[], order: Order): "ascending" | "descending" | "none" {
  if (!orders.includes(order)) return "none";
  return ORDERS[order].direction === "ASC" ? "ascending" : "descending";
}

function SelectAll({ selection, ids }: Pick<FilesProps, "selection" | "ids">) {
  const box = useRef<HTMLInputElement>(null);
  const { size } = selection.ids;
  const all = size > 0 && size >= ids.length;
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = size > 0 && !all;
  }, [size, all]);
  return (
    <label className="select-box">
      <input
        ref={box}
        type="checkbox"
        aria-label={t("library.selectLoaded")}
        checked={all}
        onChange={size > 0 ? selection.clear : selection.selectAll}
      />
    </label>
  );
}

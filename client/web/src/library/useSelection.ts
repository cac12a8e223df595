import { useRef, useState } from "react";

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Select or deselect one upload; with `range`, everything from the last one to it. */
  readonly toggle: (id: string, range: boolean) => void;
  readonly selectAll: () => void;
  readonly clear: () => void;
}

/** Keep the selection of listed uploads. An upload that leaves the list is deselected. */
export function useSelection(listed: readonly { readonly id: string }[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string>(undefined);
  const ids = new Set(listed.filter(({ id }) => chosen.has(id)).map(({ id }) => id));

  function toggle(id: string, range: boolean) {
    const next = new Set(ids);
    const select = !ids.has(id);
    const from = listed.findIndex((upload) => upload.id === anchor.current);
    const to = listed.findIndex((upload) => upload.id === id);
    const span = range && from >= 0 ? listed.slice(Math.min(from, to), Math.max(from, to) + 1) : [];
    for (const each of [...span.map((upload) => upload.id), id]) {
      if (select) next.add(each);
      else next.delete(each);
    }
    anchor.current = id;
    setChosen(next);
  }
  return {
    ids,
    toggle,
    selectAll: () => setChosen(new Set(listed.map(({ id }) => id))),
    clear: () => setChosen(new Set()),
  };
}

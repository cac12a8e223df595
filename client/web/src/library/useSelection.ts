import { useMemo, useRef, useState } from "react";

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Select or deselect one upload; with `range`, everything from the last one to it. */
  readonly toggle: (id: string, range: boolean) => void;
  /** Select all uploads that the list has loaded. */
  readonly selectAll: () => void;
  /** Select these uploads, whether the list has loaded them or not. They must be in the cache. */
  readonly select: (ids: Iterable<string>) => void;
  readonly remove: (ids: readonly string[]) => void;
  /** Select uploads again that were removed, unless the filters have changed since. */
  readonly restore: (ids: readonly string[]) => void;
  readonly clear: () => void;
}

interface State {
  readonly chosen: ReadonlySet<string>;
  /** Those that the list had not loaded when they were selected. */
  readonly unlisted: ReadonlySet<string>;
  readonly filters: string;
}

/**
 * Keep the selection of listed uploads, by their ids. An upload that leaves the list is deselected;
 * other filters begin with nothing selected.
 */
export function useSelection(listed: readonly string[], filters: string): Selection {
  const none = { chosen: new Set<string>(), unlisted: new Set<string>(), filters };
  const [state, setState] = useState<State>(none);
  const anchor = useRef<string>(undefined);
  const places = useMemo(() => new Map(listed.map((id, place) => [id, place])), [listed]);
  const ids = useMemo(() => {
    if (state.filters !== filters) return new Set<string>();
    const isThere = (id: string) => places.has(id) || state.unlisted.has(id);
    return new Set([...state.chosen].filter(isThere));
  }, [state, filters, places]);

  function select(chosen: Iterable<string>) {
    const all = new Set(chosen);
    const unlisted = new Set([...all].filter((id) => !places.has(id)));
    setState({ chosen: all, unlisted, filters });
  }
  function toggle(id: string, range: boolean) {
    const to = places.get(id);
    if (to === undefined) return;
    const from = (range ? places.get(anchor.current ?? "") : undefined) ?? to;
    const span = listed.slice(Math.min(from, to), Math.max(from, to) + 1);
    const names = new Set(span);
    const others = [...ids].filter((other) => !names.has(other));
    anchor.current = id;
    select(ids.has(id) ? others : [...others, ...span]);
  }
  return {
    ids,
    toggle,
    selectAll: () => select([...ids, ...listed]),
    select,
    remove: (gone) => {
      const names = new Set(gone);
      setState((state) => ({
        ...state,
        chosen: new Set([...state.chosen].filter((id) => !names.has(id))),
      }));
    },
    restore: (returned) => {
      setState((state) => {
        if (state.filters !== filters || returned.length === 0) return state;
        return { ...state, chosen: new Set([...state.chosen, ...returned]) };
      });
    },
    clear: () => setState(none),
  };
}

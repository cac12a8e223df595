import { useMemo, useRef, useState } from "react";
import type { useSelection_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";

/** What the actions for several files need to know of each. */
export const chosenFields = graphql(`
  fragment useSelection_upload on Upload {
    id
    filename
    size
    status
    tags
    createdAt
  }
`);

export type Chosen = Omit<useSelection_uploadFragment, "__typename">;

export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly chosen: readonly Chosen[];
  /** Select or deselect one upload; with `range`, everything from the last one to it. */
  readonly toggle: (id: string, range: boolean) => void;
  /** Select all uploads that the list has loaded. */
  readonly selectAll: () => void;
  /** Select these uploads, whether the list has loaded them or not. */
  readonly select: (uploads: readonly Chosen[]) => void;
  readonly remove: (ids: readonly string[]) => void;
  /** Select uploads again that were removed, unless the filters have changed since. */
  readonly restore: (uploads: readonly Chosen[]) => void;
  readonly clear: () => void;
}

interface State {
  readonly chosen: ReadonlyMap<string, Chosen>;
  /** Those that the list had not loaded when they were selected. */
  readonly unlisted: ReadonlySet<string>;
  readonly filters: string;
}

/**
 * Keep the selection of listed uploads. An upload that leaves the list is deselected; other filters
 * begin with nothing selected.
 */
export function useSelection(listed: readonly Chosen[], filters: string): Selection {
  const none = { chosen: new Map<string, Chosen>(), unlisted: new Set<string>(), filters };
  const [state, setState] = useState<State>(none);
  const anchor = useRef<string>(undefined);
  const places = useMemo(() => new Map(listed.map(({ id }, place) => [id, place])), [listed]);
  const chosen = useMemo(() => {
    if (state.filters !== filters) return [];
    return [...state.chosen.values()].flatMap((each) => {
      const place = places.get(each.id);
      const current = place === undefined ? undefined : listed[place];
      return current ?? (state.unlisted.has(each.id) ? each : []);
    });
  }, [state, filters, listed, places]);
  const ids = useMemo(() => new Set(chosen.map(({ id }) => id)), [chosen]);

  function set(uploads: readonly Chosen[]) {
    setState({
      chosen: new Map(uploads.map((upload) => [upload.id, upload])),
      unlisted: new Set(uploads.flatMap(({ id }) => (places.has(id) ? [] : id))),
      filters,
    });
  }
  function toggle(id: string, range: boolean) {
    const to = places.get(id);
    if (to === undefined) return;
    const from = (range ? places.get(anchor.current ?? "") : undefined) ?? to;
    const span = listed.slice(Math.min(from, to), Math.max(from, to) + 1);
    const names = new Set(span.map((upload) => upload.id));
    const others = chosen.filter((upload) => !names.has(upload.id));
    anchor.current = id;
    set(ids.has(id) ? others : [...others, ...span]);
  }
  return {
    ids,
    chosen,
    toggle,
    selectAll: () => set([...chosen.filter(({ id }) => !places.has(id)), ...listed]),
    select: set,
    remove: (gone) => {
      const names = new Set(gone);
      setState((state) => ({
        ...state,
        chosen: new Map([...state.chosen].filter(([id]) => !names.has(id))),
      }));
    },
    restore: (returned) => {
      setState((state) => {
        if (state.filters !== filters || returned.length === 0) return state;
        const chosen = new Map([
          ...state.chosen,
          ...returned.map((each) => [each.id, each] as const),
        ]);
        return { ...state, chosen };
      });
    },
    clear: () => setState(none),
  };
}

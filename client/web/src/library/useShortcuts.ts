import { useEffect, useEffectEvent } from "react";

interface Shortcuts {
  readonly onSearch: () => void;
  readonly onSelectAll: () => void;
  readonly onHelp: () => void;
  /** Returns whether there was something to close. */
  readonly onEscape: () => boolean;
}

/** Handle the shortcuts of the library that work wherever the focus is, except in fields. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
    const act = actionOf(event, shortcuts);
    if (act === undefined || act() === false) return;
    event.preventDefault();
  });
  useEffect(() => {
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

function actionOf(event: KeyboardEvent, shortcuts: Shortcuts): (() => unknown) | undefined {
  const target = event.target as HTMLElement;
  const modified = event.ctrlKey || event.metaKey;
  // The tray closes by itself.
  if (event.key === "Escape")
    return target.closest(".tray") === null ? shortcuts.onEscape : undefined;
  if (target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
    return undefined;
  if (modified && event.key.toLowerCase() === "a") return shortcuts.onSelectAll;
  if (modified || event.altKey) return undefined;
  if (event.key === "/") return shortcuts.onSearch;
  if (event.key === "?") return shortcuts.onHelp;
  return undefined;
}

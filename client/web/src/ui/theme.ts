export type Theme = "auto" | "light" | "dark";

const KEY = "media.theme";
/** The colour of the page in each scheme, as in tokens.css and index.html. */
const BARS = { light: "#f6f7f9", dark: "#121417" };
const listeners = new Set<() => void>();

export function getTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "auto";
}

export function setTheme(theme: Theme): void {
  if (theme === "auto") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  changed();
}

/**
 * Set the theme on the root element, as index.html does before the first paint, and on the
 * browser's own bars. The colours follow it, since they use `light-dark()`.
 */
export function applyTheme(): void {
  const theme = getTheme();
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    const scheme = meta.media.includes("dark") ? "dark" : "light";
    meta.content = BARS[theme === "auto" ? scheme : theme];
  }
}

// Another tab has changed the theme.
addEventListener("storage", ({ key }) => {
  if (key === KEY) changed();
});

function changed(): void {
  applyTheme();
  for (const listener of listeners) listener();
}

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** Return the scheme in use: the theme's, or the system's if the theme is "auto". */
export function getScheme(): "light" | "dark" {
  const theme = getTheme();
  if (theme !== "auto") return theme;
  return systemIsDark.matches ? "dark" : "light";
}

export function subscribeScheme(listener: () => void): () => void {
  const unsubscribe = subscribeTheme(listener);
  systemIsDark.addEventListener("change", listener);
  return () => {
    unsubscribe();
    systemIsDark.removeEventListener("change", listener);
  };
}

export function subscribeTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

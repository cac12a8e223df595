import { useSyncExternalStore } from "react";
import { Icon, type IconName } from "./Icon.tsx";
import { getTheme, setTheme, subscribeTheme, type Theme } from "./theme.ts";

const NEXT: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
const ICONS: Record<Theme, IconName> = { auto: "contrast", light: "sun", dark: "moon" };
const LABELS: Record<Theme, string> = {
  auto: "Theme: system",
  light: "Theme: light",
  dark: "Theme: dark",
};

export function ThemeToggle() {
  const theme = useSyncExternalStore(subscribeTheme, getTheme);
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={LABELS[theme]}
      title={LABELS[theme]}
      onClick={() => setTheme(NEXT[theme])}
    >
      <Icon name={ICONS[theme]} />
    </button>
  );
}

import { useSyncExternalStore } from "react";
import { Icon, type IconName } from "./Icon.tsx";
import { getTheme, setTheme, subscribeTheme, type Theme } from "./theme.ts";
import { message, t, type Message } from "../messages/t.ts";

const NEXT: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
const ICONS: Record<Theme, IconName> = { auto: "contrast", light: "sun", dark: "moon" };
const LABELS: Record<Theme, Message> = {
  auto: message("ui.theme.auto"),
  light: message("ui.theme.light"),
  dark: message("ui.theme.dark"),
};

export function ThemeToggle() {
  const theme = useSyncExternalStore(subscribeTheme, getTheme);
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={t(LABELS[theme])}
      title={t(LABELS[theme])}
      onClick={() => setTheme(NEXT[theme])}
    >
      <Icon name={ICONS[theme]} />
    </button>
  );
}

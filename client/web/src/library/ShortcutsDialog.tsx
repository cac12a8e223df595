import { Dialog } from "../ui/Dialog.tsx";
import { message, t, type Message } from "../messages/t.ts";

const SHORTCUTS: readonly (readonly [keys: readonly (Message | string)[], action: Message])[] = [
  [["←", "↑", "→", "↓"], message("shortcuts.move")],
  [[message("shortcuts.key.home"), message("shortcuts.key.end")], message("shortcuts.ends")],
  [[message("shortcuts.key.enter")], message("shortcuts.open")],
  [["V"], message("shortcuts.view")],
  [[message("shortcuts.key.space")], message("shortcuts.select")],
  [[message("shortcuts.key.shift"), message("shortcuts.key.space")], message("shortcuts.extend")],
  [[message("shortcuts.key.control"), "A"], message("shortcuts.all")],
  [[message("shortcuts.key.delete")], message("shortcuts.delete")],
  [[message("shortcuts.key.escape")], message("shortcuts.escape")],
  [["/"], message("shortcuts.search")],
  [["?"], message("shortcuts.help")],
];

/** Lists the keyboard shortcuts of the library. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t("library.shortcuts")} onClose={onClose}>
      <dl className="shortcuts">
        {SHORTCUTS.map(([keys, action], index) => (
          <div key={index}>
            <dt>
              {keys.map((key, place) => (
                <kbd key={place}>{typeof key === "string" ? key : t(key)}</kbd>
              ))}
            </dt>
            <dd>{t(action)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { rememberPlace } from "./focus.ts";
import { Icon } from "./Icon.tsx";
import { openModal } from "./modals.ts";
import { t } from "../messages/t.ts";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly kind?: "dialog" | "drawer";
  /** Whether only the dialog's own buttons close it: not Escape, nor a click outside. */
  readonly held?: boolean;
}

/** A modal dialog. It traps the focus, closes on Escape and then restores the focus. */
export function Dialog({ title, onClose, children, kind = "dialog", held = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before the dialog leaves the page: the focus would fall to the body, and not to its place.
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog === null) return;
    const opener = document.activeElement;
    const goBack = rememberPlace(opener);
    const close = openModal(dialog);
    return () => {
      close();
      const { activeElement } = document;
      // In a closed dialog, the focus is about to be lost.
      const isLost = activeElement === document.body || dialog.contains(activeElement);
      if (isLost || opener?.isConnected === true) goBack();
    };
  }, []);
  return (
    // A click outside the dialog closes it; keyboard users press Escape.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={element}
      className={kind}
      aria-labelledby={titleId}
      onKeyDown={(event) => {
        // Chromium closes a dialog at the second Escape, even if its "cancel" event is prevented.
        if (held && event.key === "Escape") event.preventDefault();
      }}
      onCancel={(event) => {
        event.preventDefault();
        if (!held) onClose();
      }}
      onClick={(event) => {
        if (!held && event.target === element.current) onClose();
      }}
    >
      <div className={`${kind}-body`}>
        <header className="dialog-header">
          <h2 id={titleId}>{title}</h2>
          {!held && (
            <button
              type="button"
              className="icon-button"
              onClick={onClose}
              aria-label={t("ui.close")}
            >
              <Icon name="close" />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}

import { useEffect, useId, useRef, type ReactNode } from "react";
import { Icon } from "./Icon.tsx";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly kind?: "dialog" | "drawer";
}

/** Focus the page's content if nothing has the focus: the dialog's opener may have been deleted. */
function restoreFocus(): void {
  if (document.activeElement === document.body) document.getElementById("content")?.focus();
}

/** A modal dialog. It traps the focus, closes on Escape and then restores the focus. */
export function Dialog({ title, onClose, children, kind = "dialog" }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    if (dialog === null) return;
    const opener = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
      setTimeout(restoreFocus);
    };
  }, []);
  return (
    // A click outside the dialog closes it; keyboard users press Escape.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={element}
      className={kind}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className={`${kind}-body`}>
        <header className="dialog-header">
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="icon-button" onClick={onClose} aria-label="Close">
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

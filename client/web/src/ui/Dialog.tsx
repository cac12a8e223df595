import { useEffect, useId, useRef, type ReactNode } from "react";
import { Icon } from "./Icon.tsx";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly kind?: "dialog" | "drawer";
}

/** Where what opened a dialog is gone, as a file that was deleted in it, go on in the page. */
function keepFocus(): void {
  if (document.activeElement === document.body) document.getElementById("content")?.focus();
}

/**
 * A modal dialog. The browser keeps the focus inside, closes it at Escape, and gives the focus
 * back to where it was.
 */
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
      setTimeout(keepFocus);
    };
  }, []);
  return (
    // A click beside the dialog closes it; the keyboard has Escape for that.
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

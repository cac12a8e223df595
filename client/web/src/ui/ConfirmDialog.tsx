import { useState, type ReactNode } from "react";
import { Dialog } from "./Dialog.tsx";
import { t } from "../messages/t.ts";

interface ConfirmDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly action: string;
  /** The label of the button that changes nothing. */
  readonly keep?: string;
  /** Resolves to an error message, or to undefined on success. */
  readonly onConfirm: () => Promise<string | undefined>;
  readonly onClose: () => void;
}

/** Asks for confirmation of an action that can't be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<string>();
  async function confirm() {
    if (running) return;
    setRunning(true);
    const failure = await props.onConfirm();
    setRunning(false);
    setProblem(failure);
    if (failure === undefined) props.onClose();
  }
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <div className="dialog-text">{props.children}</div>
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <footer className="dialog-actions">
        <button type="button" className="button" onClick={props.onClose}>
          {props.keep ?? t("ui.cancel")}
        </button>
        <button
          type="button"
          className="button danger"
          aria-disabled={running}
          onClick={() => void confirm()}
        >
          {props.action}
        </button>
      </footer>
    </Dialog>
  );
}

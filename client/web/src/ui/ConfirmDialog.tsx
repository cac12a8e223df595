import { useState, type ReactNode } from "react";
import { Dialog } from "./Dialog.tsx";

interface ConfirmDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly action: string;
  /** Resolves to an error message, or to undefined on success. */
  readonly onConfirm: () => Promise<string | undefined>;
  readonly onClose: () => void;
}

/** Asks for confirmation of an action that can't be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<string>();
  async function confirm() {
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
          Cancel
        </button>
        <button
          type="button"
          className="button danger"
          disabled={running}
          onClick={() => void confirm()}
        >
          {props.action}
        </button>
      </footer>
    </Dialog>
  );
}

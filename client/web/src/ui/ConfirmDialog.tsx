import { useState, type ReactNode } from "react";
import { Dialog } from "./Dialog.tsx";

interface ConfirmDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly action: string;
  /** Resolves with a sentence about what went wrong, or with nothing. */
  readonly onConfirm: () => Promise<string | undefined>;
  readonly onClose: () => void;
}

/** Asks once before something that can't be undone. */
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
          Keep
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

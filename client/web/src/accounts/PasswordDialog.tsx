import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { useViewer } from "../session/useSession.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import type { Failure } from "./failure.ts";
import { t } from "../messages/t.ts";

interface PasswordDialogProps {
  /** Why the password is needed. */
  readonly reason: string;
  readonly action: string;
  /** Resolves to a Failure, or to undefined on success. */
  readonly onSubmit: (password: string) => Promise<Failure | undefined>;
  readonly onClose: () => void;
}

/** Asks for the password again, before an action for which the login was too long ago. */
export function PasswordDialog({ reason, action, onSubmit, onClose }: PasswordDialogProps) {
  const username = useViewer()?.username;
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string>();
  const [running, setRunning] = useState(false);
  useEffect(() => field.current?.focus(), []);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (running) return;
    const given = new FormData(event.currentTarget);
    setRunning(true);
    const failure = await onSubmit(given.get("currentPassword") as string);
    setRunning(false);
    setProblem(failure && (failure.fields["currentPassword"] ?? failure.message));
    if (failure === undefined) onClose();
    else {
      field.current?.focus();
      field.current?.select();
    }
  }
  return (
    <Dialog title={t("accounts.confirmPassword")} onClose={onClose}>
      <form className="dialog-text" onSubmit={(event) => void submit(event)}>
        <p>{reason}</p>
        <input type="text" autoComplete="username" value={username} readOnly hidden />
        <Field
          ref={field}
          label={t("accounts.currentPassword")}
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          problem={problem}
          required
        />
        <footer className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {t("ui.cancel")}
          </button>
          <button type="submit" className="button primary" aria-disabled={running}>
            {action}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

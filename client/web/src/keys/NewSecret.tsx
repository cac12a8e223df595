import { CopyButton } from "../ui/CopyButton.tsx";
import { Dialog } from "../ui/Dialog.tsx";

interface NewSecretProps {
  readonly name: string;
  readonly token: string;
  readonly onClose: () => void;
}

/** Shows a new key's secret, the only time it can be seen. */
export function NewSecret({ name, token, onClose }: NewSecretProps) {
  return (
    <Dialog title="Your new key" onClose={onClose}>
      <div className="dialog-text">
        <p>
          Copy the secret of <strong>{name}</strong> now. It is not shown again.
        </p>
        <code className="secret">{token}</code>
        <p className="hint">
          Send it with each request, as <code>Authorization: Bearer …</code>
        </p>
      </div>
      <footer className="dialog-actions">
        <CopyButton text={token} label="Copy" />
        <button type="button" className="button primary" onClick={onClose}>
          I have it
        </button>
      </footer>
    </Dialog>
  );
}

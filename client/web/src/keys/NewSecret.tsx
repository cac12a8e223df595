import { CopyButton } from "../ui/CopyButton.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Name } from "../ui/Name.tsx";

interface NewSecretProps {
  readonly name: string;
  readonly token: string;
  readonly onClose: () => void;
}

/** Shows the secret of a new API key, which is never shown again. */
export function NewSecret({ name, token, onClose }: NewSecretProps) {
  return (
    <Dialog title="Your new API key" onClose={onClose}>
      <div className="dialog-text">
        <p>
          Copy the secret of{" "}
          <strong>
            <Name>{name}</Name>
          </strong>{" "}
          now. You won’t be able to see it again.
        </p>
        <code className="secret">{token}</code>
        <p className="hint">
          Send it in the header of each request: <code>Authorization: Bearer …</code>
        </p>
      </div>
      <footer className="dialog-actions">
        <CopyButton text={token} label="Copy" />
        <button type="button" className="button primary" onClick={onClose}>
          Done
        </button>
      </footer>
    </Dialog>
  );
}

import { useState } from "react";
import { CopyButton } from "../ui/CopyButton.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Name } from "../ui/Name.tsx";
import { useStay } from "../ui/useStay.ts";
import { t } from "../messages/t.ts";
import { rich } from "../messages/rich.ts";

/** No text, but code. */
const HEADER = "Authorization: Bearer …";

interface NewSecretProps {
  readonly name: string;
  readonly token: string;
  readonly onClose: () => void;
}

/**
 * Shows the secret of a new API key, which is never shown again. Until it has been copied, or the
 * user says that it is saved, neither Escape, a click outside nor the Back button closes it.
 */
export function NewSecret({ name, token, onClose }: NewSecretProps) {
  const [copied, setCopied] = useState(false);
  useStay(!copied);
  return (
    <Dialog title={t("keys.secret.title")} held={!copied} onClose={onClose}>
      <div className="dialog-text">
        <p>
          {rich("keys.secret.text", {
            name: (
              <strong>
                <Name>{name}</Name>
              </strong>
            ),
          })}
        </p>
        <code className="secret" dir="ltr">
          {token}
        </code>
        <p className="hint">
          {rich("keys.secret.use", { header: <code dir="ltr">{HEADER}</code> })}
        </p>
      </div>
      <footer className="dialog-actions">
        <CopyButton
          text={token}
          label={t("keys.secret.copy")}
          primary={!copied}
          onCopied={() => setCopied(true)}
        />
        <button type="button" className={copied ? "button primary" : "button"} onClick={onClose}>
          {copied ? t("keys.secret.done") : t("keys.secret.saved")}
        </button>
      </footer>
    </Dialog>
  );
}

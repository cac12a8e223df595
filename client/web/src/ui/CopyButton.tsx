import { useState } from "react";
import { Icon } from "./Icon.tsx";
import { message, t } from "../messages/t.ts";

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  /** Whether it is the main action. */
  readonly primary?: boolean;
  readonly onCopied?: () => void;
}

const LABELS = { copied: message("ui.copied"), failed: message("ui.copyFailed") } as const;

/** Copies a text to the clipboard, and tells whether that worked. */
export function CopyButton({ text, label, primary = false, onCopied }: CopyButtonProps) {
  const [state, setState] = useState<keyof typeof LABELS>();
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
      setTimeout(() => setState(undefined), 2000);
      onCopied?.();
    } catch {
      // Only secure contexts have a clipboard. The text is visible, so it can be copied by hand.
      setState("failed");
    }
  }
  return (
    <button
      type="button"
      className={primary ? "button primary" : "button"}
      onClick={() => void copy()}
    >
      <Icon name={state === "copied" ? "check" : "copy"} size={18} />
      <span aria-live="polite">{state === undefined ? label : t(LABELS[state])}</span>
    </button>
  );
}

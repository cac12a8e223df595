import { useState } from "react";
import { Icon } from "./Icon.tsx";

/** Copies a text to the clipboard and confirms it. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      // Only secure contexts have a clipboard. The text is visible, so it can be copied by hand.
      setCopied(false);
    }
  }
  return (
    <button type="button" className="button" onClick={() => void copy()}>
      <Icon name={copied ? "check" : "copy"} size={18} />
      <span aria-live="polite">{copied ? "Copied" : label}</span>
    </button>
  );
}

import type { ReactNode } from "react";
import { Message } from "./Message.tsx";
import { t } from "../messages/t.ts";

interface RetryMessageProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onRetry: () => void;
  /** Whether trying again is the page's main action. */
  readonly primary?: boolean;
}

/** Shown in place of content that can't be loaded, with a button to try again. */
export function RetryMessage({ title, children, onRetry, primary = false }: RetryMessageProps) {
  return (
    <Message
      icon="warning"
      title={title}
      alert
      action={
        <button type="button" className={primary ? "button primary" : "button"} onClick={onRetry}>
          {t("ui.tryAgain")}
        </button>
      }
    >
      {children}
    </Message>
  );
}

import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon.tsx";

interface MessageProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly alert?: boolean;
}

/** Shown in place of content that is empty or can't be loaded. */
export function Message({ icon, title, children, action, alert = false }: MessageProps) {
  return (
    <div className="message" role={alert ? "alert" : undefined}>
      <span className="message-icon">
        <Icon name={icon} size={28} />
      </span>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}

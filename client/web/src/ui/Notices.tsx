import { useSyncExternalStore } from "react";
import { Icon } from "./Icon.tsx";
import { dismiss, getNotices, subscribe } from "./notices.ts";

/** Shows notices in a live region, so that screen readers announce them. */
export function Notices() {
  const notices = useSyncExternalStore(subscribe, getNotices);
  return (
    <div className="notices" role="status" aria-live="polite">
      {notices.map((notice) => (
        <p key={notice.id} className={`notice ${notice.kind}`}>
          <Icon name={notice.kind === "done" ? "check" : "warning"} />
          <span>{notice.text}</span>
          <button
            type="button"
            className="icon-button"
            aria-label="Dismiss"
            onClick={() => dismiss(notice.id)}
          >
            <Icon name="close" size={16} />
          </button>
        </p>
      ))}
    </div>
  );
}

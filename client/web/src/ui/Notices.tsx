import { useEffect, useEffectEvent, useRef, useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { Icon } from "./Icon.tsx";
import { rememberPlace } from "./focus.ts";
import { frontModal, subscribe as subscribeModals } from "./modals.ts";
import { dismiss, getNotices, subscribe, type Notice } from "./notices.ts";
import { t } from "../messages/t.ts";
import "../styles/notices.css";

const SHOWN_MS = 6000;
/** An action, such as "Undo", must be found and read first. */
const ACTION_SHOWN_MS = 15_000;
/** In these, the browser itself undoes what was typed. */
const TEXT_FIELDS = "input:not([type='checkbox'], [type='radio']), textarea, [contenteditable]";

/**
 * Shows notices: on the page, or in the modal dialog in front of it, since nobody can reach what is
 * behind. The log on the page stays, and gets them back, because screen readers announce what is
 * added to a log, but not what a new log contains.
 */
export function Notices() {
  const notices = useSyncExternalStore(subscribe, getNotices);
  const modal = useSyncExternalStore(subscribeModals, frontModal);
  useUndoShortcut(notices);
  return (
    <>
      <Log notices={modal === undefined ? notices : []} />
      {modal !== undefined && createPortal(<Log notices={notices} />, modal)}
    </>
  );
}

/**
 * Screen readers announce each notice once, when it is added. Its time does not pass while the user
 * reads it, with the pointer or the focus on one, nor while the page is hidden.
 */
function Log({ notices }: { readonly notices: readonly Notice[] }) {
  const element = useRef<HTMLDivElement>(null);
  const [read, setRead] = useState(false);
  const hidden = useHidden();
  /** Focuses what had the focus before the notices. */
  const goBack = useRef<() => void>(undefined);

  function close(notice: Notice) {
    const focused = element.current?.contains(document.activeElement) === true;
    dismiss(notice.id);
    if (focused) goBack.current?.();
    // The pointer may have been on the notice that is gone.
    setRead(false);
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={element}
      className="notices"
      role="log"
      aria-label={t("ui.notices")}
      onPointerMove={() => setRead(true)}
      onPointerLeave={() => setRead(false)}
      onFocus={({ relatedTarget }) => {
        setRead(true);
        if (element.current?.contains(relatedTarget) === true) return;
        goBack.current = rememberPlace(relatedTarget);
      }}
      onBlur={() => setRead(false)}
    >
      {notices.map((notice) => (
        <Row
          key={notice.id}
          notice={notice}
          paused={read || hidden}
          onClose={() => close(notice)}
        />
      ))}
    </div>
  );
}

interface RowProps {
  readonly notice: Notice;
  readonly paused: boolean;
  readonly onClose: () => void;
}

function Row({ notice, paused, onClose }: RowProps) {
  const { text, kind, action } = notice;
  const close = useEffectEvent(onClose);
  const stays = paused || kind === "problem";
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(close, action === undefined ? SHOWN_MS : ACTION_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [stays, action]);
  return (
    // Escape bubbles from the buttons inside.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={`notice ${kind}`}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault(); // Or it would close the dialog, too.
        onClose();
      }}
    >
      <Icon name={kind === "done" ? "check" : "warning"} />
      <p>{text}</p>
      {action !== undefined && (
        <button
          type="button"
          className="button plain small"
          aria-keyshortcuts="Control+Z"
          onClick={() => {
            onClose();
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className="icon-button" aria-label={t("ui.dismiss")} onClick={onClose}>
        <Icon name="close" size={16} />
      </button>
    </div>
  );
}

/** Ctrl+Z, or ⌘Z, runs the action of the newest notice that has one. */
function useUndoShortcut(notices: readonly Notice[]): void {
  const newest = notices.findLast(({ action }) => action !== undefined);
  useEffect(() => {
    if (newest === undefined) return;
    function press(event: KeyboardEvent) {
      const { target, key, ctrlKey, metaKey, shiftKey } = event;
      const typing = target instanceof Element && target.matches(TEXT_FIELDS);
      if (key !== "z" || !(ctrlKey || metaKey) || shiftKey || typing) return;
      event.preventDefault();
      dismiss(newest?.id ?? 0);
      newest?.action?.run();
    }
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [newest]);
}

function useHidden(): boolean {
  return useSyncExternalStore(
    (listener) => {
      document.addEventListener("visibilitychange", listener);
      return () => document.removeEventListener("visibilitychange", listener);
    },
    () => document.hidden,
  );
}

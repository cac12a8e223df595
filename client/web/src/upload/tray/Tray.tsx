import { useUploads } from "media-upload/react";
import { useRef, type KeyboardEvent } from "react";
import { Icon } from "../../ui/Icon.tsx";
import { setTrayOpen, useTrayOpen } from "../trayState.ts";
import { FileList } from "./FileList.tsx";
import { attentionOf, headlineOf, type Headline } from "./headline.ts";
import { ListActions } from "./ListActions.tsx";
import { Notes } from "./Notes.tsx";
import { useOnline } from "../../ui/online.ts";
import "./tray.css";
import { useAnnouncement } from "./useAnnouncement.ts";
import { t } from "../../messages/t.ts";

/** Shows all uploads on every page: as a line with their progress, or open with the list. */
export function Tray() {
  const uploads = useUploads();
  const online = useOnline();
  const open = useTrayOpen();
  const toggle = useRef<HTMLButtonElement>(null);
  const { files, skipped, elsewhere, unfinished } = uploads;
  const headline = headlineOf(uploads, online);
  const attention = attentionOf(uploads);
  const empty = files === 0 && skipped === 0 && elsewhere.files === 0;
  const spoken = useAnnouncement(empty ? "" : `${headline.title}. ${headline.detail}`, headline);

  function close(event: KeyboardEvent) {
    // In a dialog, Escape closes the dialog only.
    const inDialog = event.target instanceof Element && event.target.closest("dialog") !== null;
    if (event.key !== "Escape" || !open || inDialog) return;
    setTrayOpen(false);
    toggle.current?.focus();
  }
  return (
    <>
      <p className="visually-hidden" role="status">
        {spoken}
      </p>
      {!empty && (
        // Escape bubbles from the buttons inside.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <section
          className="tray"
          data-tone={headline.tone}
          aria-label={t("tray.title")}
          data-open={open}
          onKeyDown={close}
        >
          <header className="tray-head">
            <button
              ref={toggle}
              type="button"
              className="tray-toggle"
              aria-expanded={open}
              onClick={() => setTrayOpen(!open)}
            >
              <span className="tray-icon">
                <Icon name={headline.icon} size={18} />
              </span>
              <Line headline={headline} attention={unfinished > 0 ? attention : 0} />
              <Icon name="chevron" size={18} />
            </button>
            {unfinished + attention + elsewhere.files === 0 && (
              <button
                type="button"
                className="icon-button"
                aria-label={t("tray.close")}
                title={t("ui.close")}
                onClick={() => {
                  uploads.clear();
                  setTrayOpen(false);
                  document.getElementById("content")?.focus();
                }}
              >
                <Icon name="close" size={18} />
              </button>
            )}
          </header>
          {headline.share !== undefined && (
            <progress value={headline.share} max={1} aria-label={t("tray.progress")} />
          )}
          {open && (
            <>
              {unfinished + attention > 0 && <ListActions />}
              <Notes />
              {files > 0 && <FileList />}
            </>
          )}
        </section>
      )}
    </>
  );
}

interface LineProps {
  readonly headline: Headline;
  /** How many files wait for the user while others are being sent. */
  readonly attention: number;
}

function Line({ headline: { title, detail }, attention }: LineProps) {
  return (
    <span className="tray-line">
      <span className="tray-title">{title}</span>
      <span className="tray-detail">
        {detail}
        {attention > 0 && <strong>{t("tray.attention", { count: attention })}</strong>}
      </span>
    </span>
  );
}

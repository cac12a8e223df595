import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from "react";
import { sentence } from "../api/errors.ts";
import { useFields } from "../api/useFields.ts";
import { visibleName } from "../format/names.ts";
import { graphql } from "../graphql/index.ts";
import "../styles/viewer.css";
import { entryOf, focusContent } from "../ui/focus.ts";
import { Icon } from "../ui/Icon.tsx";
import { Message } from "../ui/Message.tsx";
import { openModal } from "../ui/modals.ts";
import { Name } from "../ui/Name.tsx";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { FactsPanel } from "./FactsPanel.tsx";
import { SharePanel } from "./SharePanel.tsx";
import { Stage } from "./Stage.tsx";
import { useNeighbours } from "./useNeighbours.ts";
import { useSwipe } from "./useSwipe.ts";
import { useViewed } from "./useViewed.ts";
import { requestedId } from "./requested.ts";
import { ViewerActions, type Panel } from "./ViewerActions.tsx";
import type { ViewedList } from "./ViewerLayer.tsx";
import { t } from "../messages/t.ts";
import { stepTo } from "../ui/direction.ts";

const viewerFields = graphql(`
  fragment FileViewer_upload on Upload {
    id
    filename
    ...ViewerActions_upload
    ...Stage_upload
    ...FactsPanel_upload
    ...ShareLink_upload
  }
`);

interface FileViewerProps {
  readonly id: string;
  readonly list: ViewedList;
  readonly onGo: (id: string) => void;
  readonly onClose: () => void;
}

/** Shows one file in front of everything else. Arrow keys and swipes show its neighbours. */
export function FileViewer({ id, list, onGo, onClose }: FileViewerProps) {
  const { upload: viewed, error, refetch } = useViewed(id);
  const upload = useFields(viewerFields, viewed);
  const { previous, next, neighbourOf, position } = useNeighbours(id, list);
  const [panel, setPanel] = useState<Panel>();
  const element = useRef<HTMLDialogElement>(null);
  const close = useModal(element, id, onClose);
  const titleId = useId();
  const swipe = useSwipe((step) => go(step));

  function go(step: -1 | 1) {
    // Keys may be pressed again before the page has followed.
    const to = neighbourOf(requestedId() ?? id, step);
    if (to !== undefined) onGo(to);
  }
  function toggle(which: Panel) {
    // Something inside the panel may have the focus.
    if (panel === which) {
      element.current?.querySelector<HTMLElement>(`[data-panel="${which}"]`)?.focus();
    }
    setPanel((open) => (open === which ? undefined : which));
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (usesKeys(event.target)) return;
    if (event.key === "ArrowRight") go(stepTo("right"));
    else if (event.key === "ArrowLeft") go(stepTo("left"));
    else if (event.key === "i") toggle("facts");
    else return;
    event.preventDefault();
  }
  const name = upload === undefined ? undefined : visibleName(upload.filename);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={element}
      className="viewer"
      tabIndex={-1}
      aria-labelledby={titleId}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        if (panel === "share") toggle("share");
        else close();
      }}
      onClose={close}
    >
      <header className="viewer-header">
        <button type="button" className="icon-button" aria-label={t("ui.close")} onClick={close}>
          <Icon name="close" />
        </button>
        <h2 id={titleId} title={name}>
          {upload === undefined ? t("viewer.file") : <Name>{upload.filename}</Name>}
        </h2>
        {position !== undefined && (
          <p className="viewer-position" role="status">
            <span className="visually-hidden">{t("viewer.announced", { name: name ?? "" })}</span>
            {position}
          </p>
        )}
        {upload !== undefined && <ViewerActions upload={upload} panel={panel} onToggle={toggle} />}
      </header>
      <div className="viewer-body">
        <div className="viewer-stage" {...swipe}>
          {upload !== undefined && <Stage key={id} upload={upload} />}
          {viewed === null && (
            <Message icon="search" title={t("details.missing.title")}>
              {t("details.missing.text")}
            </Message>
          )}
          {viewed === undefined && error !== undefined && (
            <RetryMessage title={t("viewer.problem")} onRetry={() => void refetch()}>
              {sentence(error)}
            </RetryMessage>
          )}
          <StepButton step={-1} ended={previous === undefined} onGo={go} />
          <StepButton step={1} ended={next === undefined} onGo={go} />
        </div>
        {upload !== undefined && panel === "facts" && <FactsPanel upload={upload} />}
        {upload !== undefined && panel === "share" && <SharePanel key={id} upload={upload} />}
      </div>
    </dialog>
  );
}

interface StepButtonProps {
  readonly step: -1 | 1;
  /** Whether the list ends here. */
  readonly ended: boolean;
  readonly onGo: (step: -1 | 1) => void;
}

/** Stays focusable at the ends of the list, so that the focus is not lost there. */
function StepButton({ step, ended, onGo }: StepButtonProps) {
  return (
    <button
      type="button"
      className={`icon-button viewer-step ${step === 1 ? "next" : "previous"}`}
      aria-label={step === 1 ? t("viewer.next") : t("viewer.previous")}
      aria-keyshortcuts={step === stepTo("right") ? "ArrowRight" : "ArrowLeft"}
      aria-disabled={ended}
      onClick={() => onGo(step)}
    >
      <Icon name="chevron" size={28} />
    </button>
  );
}

/** Whether the focused element uses the keys itself, as a player does to seek. */
function usesKeys(target: EventTarget): boolean {
  return (
    target instanceof Element && target.closest("input, select, textarea, video, audio") !== null
  );
}

/**
 * Show the dialog as long as it is mounted. Afterwards, the focus returns to what opened the viewer,
 * or to the list's entry of the file that was shown last.
 */
function useModal(
  element: RefObject<HTMLDialogElement | null>,
  id: string,
  onClose: () => void,
): () => void {
  const lastId = useRef(id);
  const closing = useRef(false);
  useEffect(() => {
    lastId.current = id;
    // A control of the previous file may have had the focus.
    if (document.activeElement === document.body) element.current?.focus();
  }, [element, id]);
  // Not in an effect after the paint: until then, the page shows the viewer, but Escape and the other
  // keys would go to the list behind it. Closing it later, the focus would fall to the body.
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog === null) return;
    const opener = document.activeElement;
    const firstId = lastId.current;
    const close = openModal(dialog);
    dialog.focus();
    closing.current = false;
    return () => {
      closing.current = true; // The dialog's "close" event comes later.
      close();
      const moved = lastId.current !== firstId;
      focusPlace(opener, lastId.current, moved);
      setTimeout(focusContent);
    };
  }, [element]);
  return () => {
    // Going back takes a moment, in which Escape may be pressed again.
    if (closing.current) return;
    closing.current = true;
    onClose();
  };
}

function focusPlace(opener: Element | null, id: string, moved: boolean): void {
  const entry = entryOf(id);
  if (moved || opener === document.body) entry?.focus();
  // An entry behind another dialog can't be focused.
  if (entry !== null && document.activeElement === entry) return;
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
}

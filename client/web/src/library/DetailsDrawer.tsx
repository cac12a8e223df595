import { lazy, Suspense, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { Boundary } from "../shell/Boundary.tsx";
import { BrokenPage } from "../shell/BrokenPage.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { DetailsLoading } from "./DetailsLoading.tsx";
import { t } from "../messages/t.ts";

const DetailsPanel = lazy(async () => ({
  default: (await import("./DetailsPanel.tsx")).DetailsPanel,
}));

/** Narrower pages have no space for the details beside the list. */
const wide = matchMedia("(min-width: 1100px)");

interface DetailsDrawerProps {
  readonly id: string;
  readonly onClose: () => void;
}

/**
 * Shows the details of one upload: beside the list, which stays usable, or in a drawer over a narrow
 * page. It stays what it was when it opened, so that resizing the window loses no input.
 */
export function DetailsDrawer({ id, onClose }: DetailsDrawerProps) {
  const [beside] = useState(wide.matches);
  const panel = useRef<HTMLElement>(null);
  useFocusAfter(panel);
  const details = (
    <Boundary broken={<BrokenPage />}>
      <Suspense fallback={<DetailsLoading />}>
        <DetailsPanel key={id} id={id} onClose={onClose} />
      </Suspense>
    </Boundary>
  );
  if (!beside) {
    return (
      <Dialog title={t("details.title")} kind="drawer" onClose={onClose}>
        {details}
      </Dialog>
    );
  }
  return (
    <aside ref={panel} className="details-beside" aria-label={t("details.title")}>
      <header className="dialog-header">
        <h2>{t("details.title")}</h2>
        <button type="button" className="icon-button" aria-label={t("ui.close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {details}
    </aside>
  );
}

/** Focus the active file, or the page's content, if what had the focus leaves with the element. */
function useFocusAfter(element: RefObject<HTMLElement | null>) {
  // While the element is still in the page: afterwards, the focus would fall to the body.
  useLayoutEffect(() => {
    const panel = element.current;
    return () => {
      if (panel?.contains(document.activeElement) !== true) return;
      const file = document.querySelector<HTMLElement>('[data-stop][tabindex="0"]');
      (file ?? document.getElementById("content"))?.focus();
    };
  }, [element]);
}

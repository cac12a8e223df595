import type { ReactNode } from "react";
import { formatBytes } from "../format/bytes.ts";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../messages/t.ts";

interface SelectionToolbarProps {
  readonly chosen: readonly { readonly size: number }[];
  readonly onClear: () => void;
  readonly children: ReactNode;
}

/** Says how many files are selected, and contains the actions for all of them. */
export function SelectionToolbar({ chosen, onClear, children }: SelectionToolbarProps) {
  const size = formatBytes(chosen.reduce((sum, upload) => sum + upload.size, 0));
  return (
    <div className="selection-bar" role="toolbar" aria-label={t("selection.title")}>
      <button
        type="button"
        className="icon-button"
        aria-label={t("selection.clear")}
        onClick={onClear}
      >
        <Icon name="close" />
      </button>
      <span className="selection-count" role="status">
        {t("selection.count", { count: chosen.length, size })}
      </span>
      {children}
    </div>
  );
}

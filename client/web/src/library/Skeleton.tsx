import { measure } from "./measures.ts";
import type { Box } from "./useRows.ts";
import type { View } from "./useView.ts";
import { t } from "../messages/t.ts";

/** Fills the window with boxes in the places of the files, until these arrive. */
export function Skeleton({ view, box }: { readonly view: View; readonly box: Box | undefined }) {
  const { top, width } = box ?? { top: window.innerHeight, width: 0 };
  const { columns, rowPx, gapPx, headPx } = measure(view, width);
  const rows = Math.max(0, Math.ceil((window.innerHeight - top - headPx) / rowPx));
  return (
    <div role="status" aria-label={t("library.loading")}>
      <ul
        className={`skeletons ${view}`}
        aria-hidden="true"
        style={{
          gap: gapPx,
          gridTemplateColumns: `repeat(${columns}, 1fr)`,
          gridAutoRows: rowPx - gapPx,
          paddingTop: headPx,
        }}
      >
        {Array.from({ length: rows * columns }, (_, index) => (
          <li key={index} className="loading" />
        ))}
      </ul>
    </div>
  );
}

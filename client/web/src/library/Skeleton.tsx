import { useRef } from "react";
import { measure } from "./measures.ts";
import { useBox } from "./useRows.ts";
import type { View } from "./useView.ts";
import { t } from "../messages/t.ts";

/** Fills the window with boxes in the places of the files, until these arrive. */
export function Skeleton({ view }: { readonly view: View }) {
  const element = useRef<HTMLDivElement>(null);
  const { top, width } = useBox(element) ?? { top: window.innerHeight, width: 0 };
  const { columns, rowPx, gapPx, headPx } = measure(view, width);
  const rows = Math.max(0, Math.ceil((window.innerHeight - top - headPx) / rowPx));
  return (
    <div ref={element} role="status" aria-label={t("library.loading")}>
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

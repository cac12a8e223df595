import { useState } from "react";
import { DeleteForGood } from "./DeleteForGood.tsx";
import type { Trashed } from "./allTrashed.ts";
import { useRestoring } from "./useRemoval.tsx";
import { t } from "../messages/t.ts";

interface TrashedActionsProps {
  readonly upload: Trashed;
  /** Called when the file leaves the trash, before the service has answered. */
  readonly onDone: () => void;
}

/** The actions for a file in the trash, in its details: the address leads to it there, too. */
export function TrashedActions({ upload, onDone }: TrashedActionsProps) {
  const restore = useRestoring();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button"
        onClick={() => {
          void restore([upload]);
          onDone();
        }}
      >
        {t("trash.restore")}
      </button>
      <button type="button" className="button danger" onClick={() => setAsking(true)}>
        {t("trash.forGood")}
      </button>
      {asking && (
        <DeleteForGood uploads={[upload]} onDelete={onDone} onClose={() => setAsking(false)} />
      )}
    </>
  );
}

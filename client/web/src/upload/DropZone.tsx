import { useEffect, useEffectEvent, useState } from "react";
import { Icon } from "../ui/Icon.tsx";
import { dropped } from "./dropped.ts";
import { useAddFiles } from "./useAddFiles.ts";
import { t } from "../messages/t.ts";

/** Uploads files and folders that are dropped anywhere on any page, dialogs included. */
export function DropZone() {
  const addFiles = useAddFiles();
  const [depth, setDepth] = useState(0);
  const drop = useEffectEvent((transfer: DataTransfer) => {
    setDepth(0);
    void addFiles(dropped(transfer));
  });
  useEffect(() => {
    const handlers: Record<string, (event: DragEvent) => void> = {
      dragenter: () => setDepth((count) => count + 1),
      dragleave: () => setDepth((count) => Math.max(0, count - 1)),
      dragover: (event) => event.preventDefault(),
      drop: (event) => {
        event.preventDefault();
        if (event.dataTransfer !== null) drop(event.dataTransfer);
      },
    };
    const ended = new AbortController();
    for (const [name, handle] of Object.entries(handlers)) {
      const listener = (event: Event) => {
        const { dataTransfer } = event as DragEvent;
        if (dataTransfer?.types.includes("Files") === true) handle(event as DragEvent);
      };
      // Captured, since editors would take the file's text.
      addEventListener(name, listener, { capture: true, signal: ended.signal });
    }
    return () => ended.abort();
  }, []);
  if (depth === 0) return null;
  return (
    <div className="drop-hint" aria-hidden="true">
      <Icon name="upload" size={48} />
      {t("upload.dropHint")}
    </div>
  );
}

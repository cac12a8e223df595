import { useState, type DragEvent, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { useViewer } from "../session/useSession.ts";
import { Icon } from "../ui/Icon.tsx";
import { notify } from "../ui/notices.ts";
import { loadUploader } from "../upload/loadUploader.ts";
import { droppedFiles } from "../upload/droppedFiles.ts";

/** Uploads files that are dropped anywhere on the page. */
export function DropZone({ children }: { readonly children: ReactNode }) {
  const viewer = useViewer();
  const navigate = useNavigate();
  const [depth, setDepth] = useState(0);

  async function drop(event: DragEvent) {
    event.preventDefault();
    setDepth(0);
    if (viewer === undefined) return;
    try {
      const files = await droppedFiles(event.dataTransfer);
      const uploader = await loadUploader(viewer.id);
      uploader.add(files);
      await navigate("/upload");
    } catch {
      notify("The files couldn’t be read. Drop them again.", "problem");
    }
  }
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return (
    // Dropping needs a mouse; keyboard users have the Upload page.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className="drop-zone"
      onDragEnter={(event) => {
        if (hasFiles(event)) setDepth((count) => count + 1);
      }}
      onDragLeave={(event) => {
        if (hasFiles(event)) setDepth((count) => Math.max(0, count - 1));
      }}
      onDragOver={(event) => {
        if (hasFiles(event)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (hasFiles(event)) void drop(event);
      }}
    >
      {children}
      {depth > 0 && (
        <div className="drop-hint" aria-hidden="true">
          <Icon name="upload" size={48} />
          Drop to upload
        </div>
      )}
    </div>
  );
}

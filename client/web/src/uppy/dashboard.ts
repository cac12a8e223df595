import Dashboard from "@uppy/dashboard";
import "@uppy/dashboard/css/style.min.css";
import Webcam from "@uppy/webcam";
import "@uppy/webcam/css/style.min.css";
import { getTheme } from "../ui/theme.ts";
import type { Queue } from "./file.ts";

/** Show Uppy's Dashboard in `target`. Returns a function that removes it. */
export function dashboard(queue: Queue, target: HTMLElement, onDone: () => void): () => void {
  queue.use(Dashboard, {
    target,
    inline: true,
    width: "100%",
    height: "26rem",
    theme: getTheme(),
    fileManagerSelectionType: "both",
    proudlyDisplayPoweredByUppy: false,
    showRemoveButtonAfterComplete: true,
    doneButtonHandler: () => {
      queue.clear();
      onDone();
    },
    locale: { strings: { done: "Go to library" } },
  });
  if (hasCamera()) queue.use(Webcam, { target: Dashboard });
  return () => {
    for (const id of ["Webcam", "Dashboard"]) {
      const plugin = queue.getPlugin(id);
      if (plugin !== undefined) queue.removePlugin(plugin);
    }
  };
}

function hasCamera(): boolean {
  return (navigator as Partial<Navigator>).mediaDevices !== undefined;
}

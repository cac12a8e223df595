import { droppedFiles, type ChosenFile } from "../files.ts";

interface Receiver {
  /** What shows that a file would be taken. */
  readonly area: HTMLElement;
  readonly allowed: () => boolean;
  readonly add: (files: readonly ChosenFile[]) => void;
}

/**
 * Let files and folders be dropped anywhere on the element: the browser would leave the page for a
 * file that is dropped beside the area.
 */
export function listenToDrops(host: HTMLElement, { area, allowed, add }: Receiver): void {
  const drag = (event: DragEvent, over: boolean): DataTransfer | undefined => {
    const { dataTransfer } = event;
    if (dataTransfer?.types.includes("Files") !== true) return undefined;
    event.preventDefault();
    if (!allowed()) dataTransfer.dropEffect = "none";
    area.classList.toggle("over", over && allowed());
    return dataTransfer;
  };
  host.addEventListener("dragover", (event) => void drag(event, true));
  host.addEventListener("dragleave", (event) => {
    // It is also fired between two nodes of the element, for which the target is the same.
    if (event.relatedTarget !== host) drag(event, false);
  });
  host.addEventListener("drop", (event) => {
    const transfer = drag(event, false);
    if (transfer !== undefined && allowed()) void addAll(droppedFiles(transfer), add);
  });
}

async function addAll(batches: AsyncIterable<ChosenFile[]>, add: Receiver["add"]): Promise<void> {
  for await (const batch of batches) add(batch);
}

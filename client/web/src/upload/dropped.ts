import type { ChosenFile } from "media-upload";

type Item = DataTransferItem & {
  readonly getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
};

/**
 * Yield dropped files in batches, with those in dropped folders. The code that reads them is loaded
 * now, but the browser empties the list after the event, so this takes what it holds at once.
 */
export function dropped(transfer: DataTransfer): AsyncGenerator<ChosenFile[]> {
  return read([...transfer.items].map((item) => held(item)));
}

async function* read(items: readonly object[]): AsyncGenerator<ChosenFile[]> {
  const { droppedFiles } = await import("media-upload");
  yield* droppedFiles({ items } as unknown as DataTransfer);
}

/** Return a copy of the item that outlives the event. */
function held(item: Item): object {
  const handle = item.getAsFileSystemHandle?.();
  const entry = item.webkitGetAsEntry();
  const file = item.getAsFile();
  return {
    kind: item.kind,
    webkitGetAsEntry: () => entry,
    getAsFile: () => file,
    ...(handle !== undefined && { getAsFileSystemHandle: () => handle }),
  };
}

import type { ChosenFile } from "media-upload";

type Picker = (options: { multiple: boolean }) => Promise<FileSystemFileHandle[]>;

/** Return the browser's picker that gives handles, with which a later page can read the files. */
function picker(): Picker | undefined {
  return (window as { showOpenFilePicker?: Picker }).showOpenFilePicker;
}

export function canPick(): boolean {
  return picker() !== undefined;
}

/** Let the user choose files; resolves to none if the user chooses none. */
export async function pickFiles(): Promise<ChosenFile[]> {
  try {
    const handles = (await picker()?.call(window, { multiple: true })) ?? [];
    return await Promise.all(
      handles.map(async (handle) => ({ file: await handle.getFile(), handle })),
    );
  } catch {
    return [];
  }
}

/** The largest ZIP that a browser collects before it saves it: some keep all of it in memory. */
export const COLLECTED_MAX_BYTES = 1_000_000_000;

/** Where a ZIP is written. */
export interface ZipTarget {
  readonly write: (zip: ReadableStream<Uint8Array>, signal: AbortSignal) => Promise<void>;
  /** The largest ZIP; undefined if there is no limit. */
  readonly maxBytes: number | undefined;
}

interface PickerWindow {
  readonly showSaveFilePicker?: (options: object) => Promise<FileSystemFileHandle>;
}

/**
 * Let the user choose a file to write to, where the browser can write to one; otherwise, collect the
 * ZIP and save it as a download. Returns undefined if the user chooses none. Call this during a
 * click: browsers show the dialog only then.
 */
export async function chooseTarget(name: string): Promise<ZipTarget | undefined> {
  const { showSaveFilePicker } = window as PickerWindow;
  if (showSaveFilePicker === undefined) return collected(name);
  try {
    const types = [{ description: "ZIP", accept: { "application/zip": [".zip"] } }];
    return picked(await showSaveFilePicker({ suggestedName: name, types }));
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return undefined;
    return collected(name); // For example, in a frame that may not show the dialog.
  }
}

/** The file appears when all is written; if writing is aborted, it stays as it was. */
function picked(file: FileSystemFileHandle): ZipTarget {
  return {
    maxBytes: undefined,
    write: async (zip, signal) => zip.pipeTo(await file.createWritable(), { signal }),
  };
}

function collected(name: string): ZipTarget {
  return {
    maxBytes: COLLECTED_MAX_BYTES,
    write: async (zip, signal) => {
      const parts: Blob[] = [];
      const sink = new WritableStream<Uint8Array<ArrayBuffer>>({
        // Browsers may keep blobs on disk.
        write: (bytes) => void parts.push(new Blob([bytes])),
      });
      await zip.pipeTo(sink, { signal });
      save(new Blob(parts, { type: "application/zip" }), name);
    },
  };
}

function save(zip: Blob, name: string): void {
  const url = URL.createObjectURL(zip);
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The browser needs the URL until it has begun to save.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

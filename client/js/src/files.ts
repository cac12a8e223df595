/** A file to upload. */
export interface ChosenFile {
  readonly file: File;
  /** Its name with folders, such as `holiday/beach.jpg`. Default: the path that the browser gives. */
  readonly path?: string;
  /** Lets a later page read the file again; see `FileSystemFileHandle`. */
  readonly handle?: FileSystemFileHandle;
  /** The dropped folder that contains the file, with which `path` begins; used like `handle`. */
  readonly folder?: FileSystemDirectoryHandle;
}

/**
 * Yield dropped files in batches, with those in dropped folders. Call it in the event handler
 * itself: the browser empties the list after the event.
 */
export function droppedFiles(transfer: DataTransfer): AsyncGenerator<ChosenFile[]> {
  const roots = [...transfer.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => ({
      entry: item.webkitGetAsEntry(),
      file: item.getAsFile(),
      // Only some browsers have handles, and only in secure contexts.
      handle: (item as HandleItem).getAsFileSystemHandle?.().catch(() => null),
    }));
  return found(roots);
}

async function* found(roots: readonly Root[]): AsyncGenerator<ChosenFile[]> {
  const { walk } = await import("./folders.ts");
  yield* walk(roots);
}

type HandleItem = DataTransferItem & {
  getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
};

/** A dropped file or folder. */
export interface Root {
  readonly entry: FileSystemEntry | null;
  readonly file: File | null;
  readonly handle: Promise<FileSystemHandle | null> | undefined;
}

/** What systems add to folders by themselves. */
export function isClutter(name: string): boolean {
  return /^(\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(name);
}

/** Return whether an `accept` attribute allows the file (HTML, "File Upload state"). */
export function accepts(accept: string, { name, type }: File): boolean {
  const tokens = accept
    .toLowerCase()
    .split(",")
    .map((token) => token.trim())
    .filter(Boolean);
  const given = type.toLowerCase().split(";", 1)[0]?.trim() ?? "";
  // A file without a proper type is declared to the service as unknown bytes; see `mediaType`.
  const essence = /^[^/ ]+\/[^/ ]+$/.test(given) ? given : "application/octet-stream";
  return (
    tokens.length === 0 ||
    tokens.some(
      (token) =>
        token === "*/*" ||
        (token.startsWith(".")
          ? name.toLowerCase().endsWith(token)
          : token.endsWith("/*")
            ? essence.startsWith(token.slice(0, -1))
            : essence === token),
    )
  );
}

import type { ChosenFile, Root } from "./files.ts";

const IN_ONE_BATCH = 500;

/**
 * Yield the files of dropped folders in batches, as they are found. Throws an Error at the end if
 * some could not be read; all others were yielded.
 */
export async function* walk(roots: readonly Root[]): AsyncGenerator<ChosenFile[]> {
  let batch: ChosenFile[] = [];
  const unreadable: string[] = [];
  for (const { entry, file, handle } of roots) {
    const known = ((await handle) ?? undefined) as
      Partial<ChosenFile["handle"] & object> | undefined;
    if (entry?.isDirectory !== true) {
      if (file === null) continue;
      batch.push({
        file,
        ...(known?.kind === "file" && { handle: known as FileSystemFileHandle }),
      });
    } else {
      const folder = known as FileSystemDirectoryHandle | undefined;
      for await (const found of filesIn(entry as FileSystemDirectoryEntry)) {
        const path = found.fullPath.replace(/^\//, "");
        const read = await new Promise<File | undefined>((resolve) =>
          found.file(resolve, () => resolve(undefined)),
        );
        if (read === undefined) unreadable.push(path);
        else batch.push({ file: read, path, ...(folder !== undefined && { folder }) });
        if (batch.length < IN_ONE_BATCH) continue;
        yield batch;
        batch = [];
      }
    }
  }
  yield batch;
  if (unreadable.length === 0) return;
  throw new Error(`${unreadable.length} files could not be read, such as ${unreadable[0]}.`);
}

async function* filesIn(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemFileEntry> {
  const reader = folder.createReader();
  for (;;) {
    // Each call returns some of the entries, and an empty array after the last one.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (entry.isDirectory) yield* filesIn(entry as FileSystemDirectoryEntry);
      else yield entry as FileSystemFileEntry;
    }
  }
}

/** Return the dropped files, including those in dropped folders. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // Read all entries before the first `await`: the browser empties the list after the event.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const loose = [...transfer.files];
  if (entries.every((entry) => entry === null)) return loose;
  const found: File[] = [];
  for (const entry of entries) {
    if (entry !== null) await collect(entry, found);
  }
  return found;
}

async function collect(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (entry.isFile) {
    const file = entry as FileSystemFileEntry;
    found.push(await new Promise<File>((resolve, reject) => file.file(resolve, reject)));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // Each call returns some of the entries, and an empty array after the last one.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return;
    for (const child of entries) await collect(child, found);
  }
}

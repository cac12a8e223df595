import type { Queue, QueuedFile } from "./file.ts";

/**
 * Restore the files that Golden Retriever stored for an earlier page. To Uppy, each unfinished file
 * starts from zero; the transfer engine asks the service which parts it already has. Files too
 * large to store in the browser remain as ghosts until the user chooses them again.
 */
export function restoreFiles(queue: Queue): void {
  const files: Record<string, QueuedFile> = {};
  for (const file of queue.getFiles()) {
    if (file.progress.uploadComplete === true) continue;
    files[file.id] = {
      ...file,
      error: null,
      isPaused: false,
      progress: {
        uploadStarted: null,
        bytesUploaded: false,
        bytesTotal: file.size,
        uploadComplete: false,
        percentage: 0,
      },
    };
  }
  queue.setState({ files, currentUploads: {}, recoveredState: null, totalProgress: 0 });
}

import type { Queue, QueuedFile } from "./file.ts";

/**
 * Take over what Golden Retriever found of an earlier page. Each unfinished file begins anew as
 * far as Uppy knows; the transfer engine asks the service which parts it has. Files that are too
 * large to be kept in the browser stay as ghosts, to be chosen again.
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

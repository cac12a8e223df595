import type { Uploader } from "../uppy/uploader.ts";

const MARK = "media.uploading.";
let loading: Promise<Uploader> | undefined;

/** Return the uploader of this page, loading its code on the first call. */
export function loadUploader(viewerId: string): Promise<Uploader> {
  if (loading === undefined) {
    loading = import("../uppy/uploader.ts").then((module) =>
      module.createUploader(viewerId, (busy) => mark(viewerId, busy)),
    );
    loading.catch(() => {
      loading = undefined;
    });
  }
  return loading;
}

/** Resume the uploads that an earlier page in this browser left unfinished. */
export function resumeInterrupted(viewerId: string): void {
  if (localStorage.getItem(MARK + viewerId) !== null) {
    loadUploader(viewerId).catch(() => undefined);
  }
}

function mark(viewerId: string, busy: boolean): void {
  if (busy) localStorage.setItem(MARK + viewerId, "1");
  else localStorage.removeItem(MARK + viewerId);
}

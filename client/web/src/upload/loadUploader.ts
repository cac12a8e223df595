import type { Uploader } from "../uppy/uploader.ts";
import { session } from "../session/session.ts";

const MARK = "media.uploading.";
let loading: { readonly viewerId: string; readonly uploader: Promise<Uploader> } | undefined;

/** Return the uploader of this tab, loading its code on the first call. */
export function loadUploader(viewerId: string): Promise<Uploader> {
  if (loading?.viewerId !== viewerId) {
    leave();
    const uploader = import("../uppy/uploader.ts").then((module) =>
      module.createUploader(viewerId, (busy) => mark(viewerId, busy)),
    );
    uploader.catch(() => {
      loading = undefined;
    });
    loading = { viewerId, uploader };
  }
  return loading.uploader;
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

function leave(): void {
  void loading?.uploader.then((uploader) => uploader.leave());
  loading = undefined;
}

// Stop sending when the user signs out; their uploads resume when they sign in again.
session.subscribe(() => {
  if (session.getState().kind === "signedOut") leave();
});

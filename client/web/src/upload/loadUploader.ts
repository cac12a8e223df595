import type { Uploader } from "../uppy/uploader.ts";
import { session } from "../session/session.ts";

const MARK = "media.uploading.";
let loading: { readonly viewerId: string; readonly uploader: Promise<Uploader> } | undefined;

/** The uploader of this tab. Its code is loaded when it is first asked for. */
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

/** Go on with what an earlier page of this browser could not finish. */
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

// Nothing is sent in the name of somebody who has logged out; it resumes when he is back.
session.subscribe(() => {
  if (session.getState().kind === "signedOut") leave();
});

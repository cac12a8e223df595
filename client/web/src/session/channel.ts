/** A message from one tab to all others. */
export type Announcement =
  /** "ended": the service no longer accepts the cookie, which all tabs share. */
  { readonly kind: "signedOut" | "ended" } | { readonly kind: "signedIn"; readonly userId: string };

const channel = new BroadcastChannel("media.session");

export function announce(announcement: Announcement): void {
  channel.postMessage(announcement);
}

export function onAnnouncement(listener: (announcement: Announcement) => void): void {
  channel.addEventListener("message", (event: MessageEvent<Announcement>) => listener(event.data));
}

/** A message from one tab to all others. */
export type Announcement =
  { readonly kind: "signedOut" } | { readonly kind: "signedIn"; readonly userId: string };

const channel = new BroadcastChannel("media.session");

export function announce(announcement: Announcement): void {
  channel.postMessage(announcement);
}

export function onAnnouncement(listener: (announcement: Announcement) => void): void {
  channel.addEventListener("message", (event: MessageEvent<Announcement>) => listener(event.data));
}

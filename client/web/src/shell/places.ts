import { whenIdle } from "./idle.ts";

export const loadUpload = () => import("../upload/UploadPage.tsx");
export const loadTrash = () => import("../trash/TrashPage.tsx");
export const loadKeys = () => import("../keys/KeysPage.tsx");
export const loadAccount = () => import("../accounts/AccountPage.tsx");
/** With an editor of more than 600 kB, which only few users need: it is not preloaded. */
export const loadPlayground = () => import("../playground/PlaygroundPage.tsx");

const PRELOADED: readonly (() => Promise<unknown>)[] = [
  loadUpload,
  loadTrash,
  loadKeys,
  loadAccount,
];

/**
 * Load the code of the other pages once the page is idle, one after the other, so that they open at
 * once, also without a connection. Returns a function that prevents it.
 */
export function preloadPlaces(): () => void {
  return whenIdle(() => void loadEach());
}

async function loadEach(): Promise<void> {
  // What cannot be loaded now is loaded when its page is opened.
  for (const load of PRELOADED) await load().catch(() => undefined);
}

/** So long may an older page of this tab take to go away. */
const PATIENCE_MS = 1000;

/**
 * Whether this tab is the one that keeps the user's unfinished files in the browser and goes on
 * with them: two tabs that did it would send the same file twice. It is until `signal` aborts.
 */
export async function isKeeper(viewerId: string, signal: AbortSignal): Promise<boolean> {
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks === undefined) return true; // No secure origin: tabs can't be told apart.
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  return new Promise((resolve) => {
    locks
      .request(`media.uploads.${viewerId}`, { signal: patience }, () => {
        resolve(true);
        return new Promise<void>((release) => {
          signal.addEventListener("abort", () => release());
        });
      })
      .catch(() => resolve(false));
  });
}

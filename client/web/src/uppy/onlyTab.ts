/** How long the previous page of this tab may take to release the lock. */
const LOCK_WAIT_MS = 1000;

/**
 * Claim the task of storing the user's unfinished files in the browser and resuming them. Resolves
 * to whether this tab has it: only one tab may, since two would send the same files. The claim
 * lasts as long as the page.
 */
export async function isKeeper(viewerId: string): Promise<boolean> {
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks === undefined) return true; // Web Locks exist in secure contexts only.
  const signal = AbortSignal.timeout(LOCK_WAIT_MS);
  return new Promise((resolve) => {
    locks
      .request(`media.uploads.${viewerId}`, { signal }, () => {
        resolve(true);
        return new Promise<never>(() => undefined);
      })
      .catch(() => resolve(false));
  });
}

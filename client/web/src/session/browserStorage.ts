/** Settings that tell nothing about a user; they outlive sessions. */
const NEUTRAL: ReadonlySet<string> = new Set([
  "media.language",
  "media.theme",
  "media.view",
  "media.renewing",
]);
/** In both storages: the id of the user whose data the browser stores. */
const OWNER = "media.viewer";
/** A frozen tab keeps its databases open, which delays their deletion until the tab wakes. */
const ERASE_MAX_MS = 2000;

/** Return whether this browser may hold a user's data, and probably their session. */
export function hasOwner(): boolean {
  return localStorage.getItem(OWNER) !== null;
}

/**
 * Erase what other users left in this browser, so that everything it stores from now on belongs to
 * this user. sessionStorage has an owner of its own, because reopening a closed tab restores it.
 */
export async function claimStorage(viewerId: string): Promise<void> {
  if (sessionStorage.getItem(OWNER) !== viewerId) clear(sessionStorage);
  sessionStorage.setItem(OWNER, viewerId);
  if (localStorage.getItem(OWNER) === viewerId) return;
  await eraseStorage();
  sessionStorage.setItem(OWNER, viewerId);
  localStorage.setItem(OWNER, viewerId);
}

/**
 * Erase all databases and entries that the browser stores for this origin, except neutral settings.
 * Names of entries are not listed here, so nothing is missed that a library adds later.
 */
export async function eraseStorage(): Promise<void> {
  clear(sessionStorage);
  clear(localStorage);
  const deadline = new Promise((resolve) => setTimeout(resolve, ERASE_MAX_MS));
  await Promise.race([deleteDatabases().catch(() => undefined), deadline]);
}

function clear(storage: Storage): void {
  for (const key of Object.keys(storage)) {
    if (!NEUTRAL.has(key)) storage.removeItem(key);
  }
}

/** Delete all databases. The upload queue closes its connections for this, in all tabs. */
async function deleteDatabases(): Promise<void> {
  const databases = await indexedDB.databases();
  await Promise.all(databases.map(({ name = "" }) => deleteDatabase(name)));
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(new Error(`The database ${name} couldn't be deleted.`));
  });
}

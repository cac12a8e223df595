import { beginsWithLibrary } from "../library/firstPage.ts";
import { hasOwner } from "../session/browserStorage.ts";
import { requestedId } from "../viewer/requested.ts";

/** The code of the pages for signed-in users, with the library. */
export const loadMember = () => import("./Member.tsx");
export const loadLogin = () => import("../accounts/LoginPage.tsx");
export const loadSignUp = () => import("../accounts/SignUpPage.tsx");

/**
 * Load the code that this visit probably needs, before the session is known. Where somebody has
 * signed in before, that is the library. If its address names a file, request that, too.
 */
export function preloadPage(): void {
  const load = hasOwner() ? loadMember : location.pathname === "/signup" ? loadSignUp : loadLogin;
  load().catch(() => undefined);
  const viewed = requestedId();
  if (viewed === null || !beginsWithLibrary()) return;
  import("../viewer/firstFile.ts")
    .then(({ requestFirstFile }) => requestFirstFile(viewed))
    .catch(() => undefined);
}

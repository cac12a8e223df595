// The entry loads nothing but the session and what the library shows first, so that these requests
// are on their way before the rest of the code has arrived.
import { requestFirstPage } from "./library/firstPage.ts";
import { session } from "./session/session.ts";
import { loadLanguage } from "./messages/language.ts";
import { preloadPage } from "./shell/preload.ts";

// The refresh cookie of an earlier visit may still be valid.
session.renew().catch(() => undefined);
requestFirstPage();
// Before any code that shows a text. English is already in the code.
void loadLanguage().then(() => {
  preloadPage();
  return import("./app.tsx");
});

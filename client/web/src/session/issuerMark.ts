/** What a browser remembers of a sign-in at an OpenID Connect issuer: where, but no token. */
export interface Issuer {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
}

/**
 * A sign-in that has left this page for the issuer's. It is also the state of React Router's history
 * with which the sign-in page leads to where the sign-in began.
 */
export interface Departure {
  readonly issuer: Issuer;
  readonly usr: { readonly from: string };
}

/** In localStorage: the issuer of the session, as long as it lasts. */
export const ISSUER = "media.issuer";
/** In sessionStorage: the sign-in whose answer this tab waits for. */
export const DEPARTURE = "media.departure";

/** The answer of an issuer, with which this page was loaded; null if it was not. It works once. */
export const arrival = takeArrival();

/** Return whether the session in this browser, if there is one, began at an issuer. */
export function isFromIssuer(): boolean {
  return arrival?.used === false || localStorage.getItem(ISSUER) !== null;
}

/**
 * Take the answer of the issuer out of the address and the history, before anything else runs: the
 * code is nobody's business.
 */
function takeArrival() {
  const url = location.href;
  const departure = sessionStorage.getItem(DEPARTURE);
  if (departure === null || !url.includes("state=")) return null;
  sessionStorage.removeItem(DEPARTURE);
  const state = JSON.parse(departure) as Departure;
  history.replaceState(state, "", location.pathname);
  return { url, issuer: state.issuer, used: false };
}

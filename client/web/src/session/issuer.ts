import {
  ErrorResponse,
  InMemoryWebStorage,
  UserManager,
  WebStorageStateStore,
  type User,
} from "oidc-client-ts";
import { textOf } from "../api/documentText.ts";
import { send } from "../api/send.ts";
import { graphql } from "../graphql/index.ts";
import { arrival, DEPARTURE, ISSUER, type Departure, type Issuer } from "./issuerMark.ts";
import type { Granted } from "./session.ts";

/** A token of an issuer. */
export interface GrantedByIssuer extends Granted {
  /** Remember the issuer, so that the next page asks it. Ending the session erases this. */
  readonly remember: () => void;
  /** End the session at the issuer as well. Resolves if the issuer has no page for that. */
  readonly signOut: () => Promise<void>;
}

/** The address to which the issuer returns the browser. */
const RETURN_PATH = "/login";
const SCOPE = "openid profile email";

const viewerQuery = textOf(
  graphql(`
    query IssuerViewer {
      viewer {
        id
        username
      }
    }
  `),
);

let manager: UserManager | undefined;

/** Leave this page to sign in at an issuer, by an authorization code with PKCE (RFC 7636). */
export async function signInAt(issuer: Issuer, from: string): Promise<never> {
  return depart(issuer, from);
}

/**
 * Return a token: the answer with which the page was loaded, or a new one. Without a refresh token,
 * which only this page's memory has, the browser visits the issuer and comes back at once: an
 * iframe would need the issuer's cookies, which browsers block on other sites.
 *
 * Undefined if the user is not signed in at the issuer.
 */
export async function grant(): Promise<GrantedByIssuer | undefined> {
  try {
    if (arrival?.used === false) {
      arrival.used = true;
      const user = await managerOf(arrival.issuer).signinCallback(arrival.url);
      return user && (await granted(user, arrival.issuer));
    }
    const stored = localStorage.getItem(ISSUER);
    if (stored === null) return undefined;
    const issuer = JSON.parse(stored) as Issuer;
    const known = await managerOf(issuer).getUser();
    if (known?.refresh_token === undefined) {
      return await depart(issuer, location.pathname + location.search, "none");
    }
    const user = await managerOf(issuer).signinSilent();
    return user === null ? undefined : await granted(user, issuer);
  } catch (error) {
    // The issuer's refusal, such as login_required or invalid_grant. A lost connection is rethrown.
    if (error instanceof ErrorResponse) return undefined;
    throw error;
  }
}

async function signOutAt(issuer: Issuer): Promise<void> {
  try {
    await managerOf(issuer).signoutRedirect();
    await forever();
  } catch {
    // The session here has ended in any case.
  }
}

function managerOf(issuer: Issuer): UserManager {
  const address = `${location.origin}${RETURN_PATH}`;
  manager ??= new UserManager({
    authority: issuer.issuer,
    client_id: issuer.clientId,
    redirect_uri: address,
    post_logout_redirect_uri: address,
    scope: SCOPE,
    automaticSilentRenew: false,
    // Tokens are kept in memory. What waits for the answer outlives the page, but not the tab.
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
  });
  return manager;
}

async function depart(issuer: Issuer, from: string, prompt?: "none"): Promise<never> {
  const departure: Departure = { issuer, usr: { from } };
  sessionStorage.setItem(DEPARTURE, JSON.stringify(departure));
  await managerOf(issuer).signinRedirect(prompt === undefined ? {} : { prompt });
  return forever();
}

/** The page is being left. */
function forever(): Promise<never> {
  return new Promise(() => undefined);
}

async function granted(user: User, issuer: Issuer): Promise<GrantedByIssuer | undefined> {
  const { viewer } = await send(
    viewerQuery,
    {},
    {
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        authorization: `Bearer ${user.access_token}`,
      },
    },
  );
  if (viewer == null) return undefined;
  const expiresAt = new Date((user.expires_at ?? 0) * 1000).toISOString();
  return {
    accessToken: user.access_token,
    expiresAt,
    user: viewer,
    remember: () => localStorage.setItem(ISSUER, JSON.stringify(issuer)),
    signOut: () => signOutAt(issuer),
  };
}

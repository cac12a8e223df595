import { claimStorage, eraseStorage } from "./browserStorage.ts";
import { announce, onAnnouncement, type Announcement } from "./channel.ts";
import type { GrantedByIssuer } from "./issuer.ts";
import { isFromIssuer } from "./issuerMark.ts";
import { requestRefresh } from "./refreshRequest.ts";
import { t } from "../messages/t.ts";

export interface Viewer {
  readonly id: string;
  readonly username: string;
}

/** The Session that signUp, login and refreshSession return. */
export interface Granted {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly user: Viewer;
}

type Grant = Granted & Partial<GrantedByIssuer>;

interface Leaving {
  readonly to?: string;
  readonly reason?: string;
  readonly also?: GrantedByIssuer["signOut"] | undefined;
}

export type SessionState =
  | { readonly kind: "starting" }
  /** `reason` is shown to the user; it is set if the user did not sign out here. */
  | { readonly kind: "signedOut"; readonly reason?: string }
  | { readonly kind: "signedIn"; readonly viewer: Viewer }
  /** The user's data is being erased; then a new page is loaded. */
  | { readonly kind: "ending" }
  /** The service can't be reached, so it is unknown whether a user is signed in. */
  | { readonly kind: "unreachable" };

/** Renew a token this long before it expires, so that requests in flight are not rejected. */
const RENEW_MARGIN_MS = 20_000;
/** Use a new token for at least this long: to a wrong local clock, it may seem to have expired. */
const MIN_TOKEN_USE_MS = 60_000;
/** Tells the next page why the session ended. */
const REASON = "media.ended";

/**
 * The user's session in this tab. The access token is kept here, in memory only; the refresh token
 * is in a cookie that scripts can't read. The tokens of an OpenID Connect issuer are all in memory,
 * and the next page gets new ones from the issuer.
 *
 * A page serves one user. When the session ends, the page erases what it stored and loads a new one,
 * because its memory holds the user's data in places that no code can reach: cached responses,
 * previews, the texts of editors.
 */
class Session {
  #state: SessionState = { kind: "starting" };
  #accessToken: string | undefined;
  #renewAt = 0;
  #last: Grant | undefined;
  #renewal: Promise<string | undefined> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #reason = takeReason();

  constructor() {
    onAnnouncement((announcement) => this.#hear(announcement));
    // A page that the browser kept in memory has missed announcements, or its own session has ended.
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) location.reload();
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Call `listener` after each change. Returns a function that unsubscribes it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): SessionState => this.#state;

  /** Return a valid access token, renewing it if needed; undefined if nobody is signed in. */
  async token(): Promise<string | undefined> {
    if (this.#accessToken !== undefined && Date.now() < this.#renewAt) {
      return this.#accessToken;
    }
    return this.#isOver() ? undefined : this.renew();
  }

  /** Return a token other than `rejected`, which the service no longer accepts. */
  async tokenInPlaceOf(rejected: string | undefined): Promise<string | undefined> {
    if (this.#accessToken !== undefined && this.#accessToken !== rejected) return this.#accessToken;
    return this.#isOver() ? undefined : this.renew();
  }

  /** Get a new token, by the cookie or from the issuer. Concurrent calls share one request. */
  renew(): Promise<string | undefined> {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** Start the session of a user who has signed in on this page. */
  async begin(granted: Granted): Promise<void> {
    await this.#grant(granted);
    announce({ kind: "signedIn", userId: granted.user.id });
  }

  /** End the session of a user who has signed out on this page. */
  async end(): Promise<void> {
    announce({ kind: "signedOut" });
    await this.#leave({ to: "/login", also: this.#last?.signOut });
  }

  #hear(announcement: Announcement): void {
    const viewerId = this.#viewerId();
    switch (announcement.kind) {
      case "signedOut":
        if (viewerId !== undefined)
          void this.#leave({ to: "/login", reason: t("session.endedElsewhere") });
        break;
      case "ended":
        if (viewerId !== undefined) this.#renewLater();
        break;
      case "signedIn":
        if (viewerId === undefined) this.#renewLater();
        // The cookie belongs to the user who signed in last, so this tab switches to that user.
        else if (viewerId !== announcement.userId) void this.#leave({ to: "/" });
    }
  }

  /** Renew in the background. Without a connection, the next request tries again. */
  #renewLater(): void {
    this.renew().catch(() => undefined);
  }

  async #renew(): Promise<string | undefined> {
    const viewerId = this.#viewerId();
    let result;
    try {
      result = await requestToken();
    } catch (error) {
      if (this.#state.kind === "starting") this.#set({ kind: "unreachable" });
      throw error;
    }
    if (result !== undefined) {
      await this.#grant(result);
    } else if (this.#viewerId() === viewerId) {
      // The tabs share the cookie, so the session has probably ended in all of them.
      announce({ kind: "ended" });
      if (viewerId === undefined) await this.#signOut();
      else await this.#leave({ reason: t("session.ended") });
    }
    return this.#accessToken;
  }

  async #grant(grant: Grant): Promise<void> {
    const { accessToken, expiresAt, user } = grant;
    if (this.#state.kind === "ending") return;
    const viewerId = this.#viewerId();
    if (viewerId !== undefined && viewerId !== user.id) return this.#leave({ to: "/" });
    if (viewerId === undefined) await claimStorage(user.id);
    this.#last = grant;
    grant.remember?.();
    this.#accessToken = accessToken;
    this.#renewAt = Math.max(
      Date.parse(expiresAt) - RENEW_MARGIN_MS,
      Date.now() + MIN_TOKEN_USE_MS,
    );
    if (viewerId === undefined) {
      this.#set({ kind: "signedIn", viewer: { id: user.id, username: user.username } });
    }
  }

  /** Show the sign-in page; erase what an earlier page of this browser may have left. */
  async #signOut(): Promise<void> {
    if (this.#state.kind === "ending") return;
    await eraseStorage();
    this.#set({ kind: "signedOut", ...(this.#reason !== undefined && { reason: this.#reason }) });
  }

  /**
   * Erase the user's data and load a new page: at the address `to`, or this page's own. What it
   * should do `also` comes before that.
   */
  async #leave({ to, reason, also }: Leaving): Promise<void> {
    if (this.#state.kind === "ending") return;
    this.#accessToken = undefined;
    this.#set({ kind: "ending" });
    await eraseStorage();
    await also?.();
    if (reason !== undefined) sessionStorage.setItem(REASON, reason);
    if (to === undefined) location.reload();
    else location.replace(to);
  }

  #isOver(): boolean {
    return this.#state.kind === "signedOut" || this.#state.kind === "ending";
  }

  #viewerId(): string | undefined {
    return this.#state.kind === "signedIn" ? this.#state.viewer.id : undefined;
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** Return a new token; undefined if the session has ended. */
async function requestToken(): Promise<Grant | undefined> {
  if (isFromIssuer()) return (await import("./issuer.ts")).grant();
  const result = await requestRefresh();
  return result.__typename === "Session" ? result : undefined;
}

/** Return why the session of the page before this one ended, if it did. */
function takeReason(): string | undefined {
  const reason = sessionStorage.getItem(REASON);
  sessionStorage.removeItem(REASON);
  return reason ?? undefined;
}

export const session = new Session();

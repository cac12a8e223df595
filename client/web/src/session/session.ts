import { requestRefresh } from "./refreshRequest.ts";
import { announce, onAnnouncement } from "./channel.ts";

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

export type SessionState =
  | { readonly kind: "starting" }
  /** `reason` is shown to the user; it is set if the user did not sign out here. */
  | { readonly kind: "signedOut"; readonly reason?: string }
  | { readonly kind: "signedIn"; readonly viewer: Viewer }
  /** The service can't be reached, so it is unknown whether a user is signed in. */
  | { readonly kind: "unreachable" };

/** Renew a token this long before it expires, so that requests in flight are not rejected. */
const RENEW_MARGIN_MS = 20_000;
/** Use a new token for at least this long: to a wrong local clock, it may seem to have expired. */
const MIN_TOKEN_USE_MS = 60_000;
const ENDED = "Your session has ended. Sign in again to continue.";

/**
 * The user's session in this tab. The access token is kept here, in memory only; the refresh token
 * is in a cookie that scripts can't read.
 */
class Session {
  #state: SessionState = { kind: "starting" };
  #accessToken: string | undefined;
  #renewAt = 0;
  #renewal: Promise<string | undefined> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor() {
    onAnnouncement((announcement) => {
      if (announcement.kind === "signedOut") {
        this.#end({ kind: "signedOut", reason: "You signed out in another tab." });
      } else if (this.#viewerId() !== announcement.userId) {
        // The cookie belongs to the user who signed in last, so this tab switches to that user.
        this.#accessToken = undefined;
        void this.renew();
      }
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
    return this.#state.kind === "signedOut" ? undefined : this.renew();
  }

  /** Return a token other than `rejected`, which the service no longer accepts. */
  async tokenInPlaceOf(rejected: string | undefined): Promise<string | undefined> {
    if (this.#accessToken !== undefined && this.#accessToken !== rejected) return this.#accessToken;
    return this.renew();
  }

  /** Exchange the cookie for a new token. Concurrent calls share one request. */
  renew(): Promise<string | undefined> {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** Start the session of a user who has signed in on this page. */
  begin(granted: Granted): void {
    this.#grant(granted);
    announce({ kind: "signedIn", userId: granted.user.id });
  }

  /** End the session of a user who has signed out on this page. */
  end(): void {
    this.#end({ kind: "signedOut" });
    announce({ kind: "signedOut" });
  }

  async #renew(): Promise<string | undefined> {
    const wasSignedIn = this.#state.kind === "signedIn";
    let result;
    try {
      result = await requestRefresh();
    } catch (error) {
      if (!wasSignedIn) this.#set({ kind: "unreachable" });
      throw error;
    }
    if (result.__typename === "Session") {
      this.#grant(result);
      return result.accessToken;
    }
    this.#end(wasSignedIn ? { kind: "signedOut", reason: ENDED } : { kind: "signedOut" });
    return undefined;
  }

  #grant({ accessToken, expiresAt, user }: Granted): void {
    this.#accessToken = accessToken;
    this.#renewAt = Math.max(
      Date.parse(expiresAt) - RENEW_MARGIN_MS,
      Date.now() + MIN_TOKEN_USE_MS,
    );
    if (this.#viewerId() !== user.id) {
      this.#set({ kind: "signedIn", viewer: { id: user.id, username: user.username } });
    }
  }

  #end(state: SessionState): void {
    this.#accessToken = undefined;
    this.#renewAt = 0;
    if (this.#state.kind !== "signedOut") this.#set(state);
  }

  #viewerId(): string | undefined {
    return this.#state.kind === "signedIn" ? this.#state.viewer.id : undefined;
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

export const session = new Session();

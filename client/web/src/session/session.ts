import { requestRefresh } from "./refreshRequest.ts";
import { announce, onAnnouncement } from "./channel.ts";

export interface Viewer {
  readonly id: string;
  readonly username: string;
}

/** What an answer of signUp, login and refreshSession holds. */
export interface Granted {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly user: Viewer;
}

export type SessionState =
  | { readonly kind: "starting" }
  /** `reason` says why, where the user did not ask for it. */
  | { readonly kind: "signedOut"; readonly reason?: string }
  | { readonly kind: "signedIn"; readonly viewer: Viewer }
  /** The service can't be reached, so nobody knows. */
  | { readonly kind: "unreachable" };

/** Renew this long before the end, so that a request under way is not refused. */
const MARGIN_MS = 20_000;
/** Use a new token so long at least: where this machine's clock is wrong, it seems to have ended. */
const LEAST_MS = 60_000;
const ENDED = "Your session has ended. Log in again to go on.";

/**
 * Who is signed in. The access token lives here, in memory, and nowhere else; the refresh token
 * lives in a cookie that scripts can't read.
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
        this.#end({ kind: "signedOut", reason: "You have logged out in another tab." });
      } else if (this.#viewerId() !== announcement.userId) {
        // The cookie belongs to whoever signed in last, so this tab follows.
        this.#accessToken = undefined;
        void this.renew();
      }
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Call `listener` after each change, until the function that this returns is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): SessionState => this.#state;

  /** A token that works for a while yet; undefined where nobody is signed in. */
  async token(): Promise<string | undefined> {
    if (this.#accessToken !== undefined && Date.now() < this.#renewAt) {
      return this.#accessToken;
    }
    return this.#state.kind === "signedOut" ? undefined : this.renew();
  }

  /** Another token than `refused`, which the service does not take any more. */
  async tokenInPlaceOf(refused: string | undefined): Promise<string | undefined> {
    if (this.#accessToken !== undefined && this.#accessToken !== refused) return this.#accessToken;
    return this.renew();
  }

  /** Trade the cookie for a new token: once, however many ask meanwhile. */
  renew(): Promise<string | undefined> {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** Somebody has signed in here. */
  begin(granted: Granted): void {
    this.#grant(granted);
    announce({ kind: "signedIn", userId: granted.user.id });
  }

  /** The user has logged out here. */
  end(): void {
    this.#end({ kind: "signedOut" });
    announce({ kind: "signedOut" });
  }

  async #renew(): Promise<string | undefined> {
    const had = this.#state.kind === "signedIn";
    let result;
    try {
      result = await requestRefresh();
    } catch (error) {
      if (!had) this.#set({ kind: "unreachable" });
      throw error;
    }
    if (result.__typename === "Session") {
      this.#grant(result);
      return result.accessToken;
    }
    this.#end(had ? { kind: "signedOut", reason: ENDED } : { kind: "signedOut" });
    return undefined;
  }

  #grant({ accessToken, expiresAt, user }: Granted): void {
    this.#accessToken = accessToken;
    this.#renewAt = Math.max(Date.parse(expiresAt) - MARGIN_MS, Date.now() + LEAST_MS);
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

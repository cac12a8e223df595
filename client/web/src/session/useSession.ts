import { useSyncExternalStore } from "react";
import { session, type SessionState, type Viewer } from "./session.ts";

/** Return the session's state; renders again when it changes. */
export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.getState);
}

/** Return the signed-in user; undefined if nobody is signed in. */
export function useViewer(): Viewer | undefined {
  const state = useSession();
  return state.kind === "signedIn" ? state.viewer : undefined;
}

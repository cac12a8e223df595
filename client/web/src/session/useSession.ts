import { useSyncExternalStore } from "react";
import { session, type SessionState, type Viewer } from "./session.ts";

/** Who is signed in, as it changes. */
export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.getState);
}

/** Who is signed in, on pages that only show to somebody who is. */
export function useViewer(): Viewer | undefined {
  const state = useSession();
  return state.kind === "signedIn" ? state.viewer : undefined;
}

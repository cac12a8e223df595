import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import type { Viewer } from "../session/session.ts";
import { useSession } from "../session/useSession.ts";
import { Starting } from "./Starting.tsx";
import { UnreachablePage } from "./UnreachablePage.tsx";
import { t } from "../messages/t.ts";

/** Lets signed-in users in; redirects everyone else to the sign-in page. */
export function Gate({ children }: { readonly children: (viewer: Viewer) => ReactNode }) {
  const state = useSession();
  const { pathname, search } = useLocation();
  switch (state.kind) {
    case "starting":
      return <Starting />;
    case "ending":
      return <div className="starting" role="status" aria-label={t("ui.loading")} />;
    case "unreachable":
      return <UnreachablePage />;
    case "signedOut":
      return <Navigate to="/login" replace state={{ from: pathname + search }} />;
    case "signedIn":
      return children(state.viewer);
  }
}

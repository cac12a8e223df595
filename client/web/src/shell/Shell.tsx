import { useEffect } from "react";
import { Navigate, NavLink, Outlet, useLocation } from "react-router";
import { SignOut } from "../accounts/SignOut.tsx";
import { session } from "../session/session.ts";
import { useSession } from "../session/useSession.ts";
import type { Viewer } from "../session/session.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { ThemeToggle } from "../ui/ThemeToggle.tsx";
import { TransferSummary } from "../upload/TransferSummary.tsx";
import { resumeInterrupted } from "../upload/loadUploader.ts";
import { Brand } from "./Brand.tsx";
import { UsageMeter } from "./UsageMeter.tsx";

const PLACES: readonly { to: string; icon: IconName; label: string }[] = [
  { to: "/library", icon: "library", label: "Library" },
  { to: "/upload", icon: "upload", label: "Upload" },
  { to: "/keys", icon: "key", label: "API keys" },
  { to: "/playground", icon: "code", label: "Playground" },
];

/** The layout of all pages for signed-in users; redirects everyone else to the sign-in page. */
export function Shell() {
  const state = useSession();
  const { pathname, search } = useLocation();
  switch (state.kind) {
    case "starting":
    case "ending":
      return <div className="starting" role="status" aria-label="Loading" />;
    case "unreachable":
      return (
        <main className="starting">
          <RetryMessage
            title="The service can’t be reached"
            primary
            onRetry={() => void session.renew().catch(() => undefined)}
          >
            Check your connection, then try again. Interrupted uploads resume where they stopped.
          </RetryMessage>
        </main>
      );
    case "signedOut":
      return <Navigate to="/login" replace state={{ from: pathname + search }} />;
    case "signedIn":
      return <Frame viewer={state.viewer} />;
  }
}

function Frame({ viewer }: { readonly viewer: Viewer }) {
  useEffect(() => {
    resumeInterrupted(viewer.id);
  }, [viewer.id]);
  return (
    <div className="frame">
      <a className="skip" href="#content">
        Skip to content
      </a>
      <div className="side">
        <Brand />
        <nav aria-label="Main">
          {PLACES.map(({ to, icon, label }) => (
            <NavLink key={to} to={to} className="place">
              <Icon name={icon} />
              <span>{label}</span>
            </NavLink>
          ))}
        </nav>
        <div className="side-foot">
          <TransferSummary />
          <UsageMeter />
          <div className="account">
            <NavLink
              to="/account"
              className="account-name"
              title="Your account"
              aria-label={`Account: ${viewer.username}`}
            >
              <Icon name="user" size={18} />
              <span>{viewer.username}</span>
            </NavLink>
            <ThemeToggle />
            <SignOut />
          </div>
        </div>
      </div>
      <main id="content" className="content" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

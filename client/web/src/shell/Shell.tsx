import { Suspense, useEffect } from "react";
import { NavLink, Outlet, useLocation } from "react-router";
import { SignOut } from "../accounts/SignOut.tsx";
import type { Viewer } from "../session/session.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { ThemeToggle } from "../ui/ThemeToggle.tsx";
import { DropZone } from "../upload/DropZone.tsx";
import { Boundary } from "./Boundary.tsx";
import { Brand } from "./Brand.tsx";
import { BrokenPage } from "./BrokenPage.tsx";
import { preloadPlaces } from "./places.ts";
import { UsageMeter } from "./UsageMeter.tsx";
import { message, t, type Message } from "../messages/t.ts";

const PLACES: readonly { to: string; icon: IconName; label: Message }[] = [
  { to: "/library", icon: "library", label: message("shell.library") },
  { to: "/upload", icon: "upload", label: message("shell.upload") },
  { to: "/trash", icon: "trash", label: message("shell.trash") },
  { to: "/keys", icon: "key", label: message("shell.keys") },
  { to: "/playground", icon: "code", label: message("shell.playground") },
];

/** The layout of all pages for signed-in users. */
export function Shell({ viewer }: { readonly viewer: Viewer }) {
  const { pathname } = useLocation();
  useEffect(preloadPlaces, []);
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {t("shell.skip")}
      </a>
      <div className="side">
        <Brand />
        <nav aria-label={t("shell.main")}>
          {PLACES.map(({ to, icon, label }) => (
            <NavLink key={to} to={to} className="place">
              <Icon name={icon} />
              <span>{t(label)}</span>
            </NavLink>
          ))}
        </nav>
        <div className="side-foot">
          <UsageMeter />
          <div className="account">
            <NavLink
              to="/account"
              className="account-name"
              title={t("shell.account")}
              aria-label={t("shell.accountOf", { name: viewer.username })}
            >
              <Icon name="user" size={18} />
              <span dir="auto">{viewer.username}</span>
            </NavLink>
            <ThemeToggle />
            <SignOut />
          </div>
        </div>
      </div>
      <main id="content" className="content" tabIndex={-1}>
        {/* A page that fails leaves the frame, in which uploads go on. */}
        <Suspense fallback={<div role="status" aria-label={t("ui.loading")} />}>
          <Boundary key={pathname} broken={<BrokenPage />}>
            <Outlet />
          </Boundary>
        </Suspense>
      </main>
      <DropZone />
    </div>
  );
}

import { lazy, Suspense, useState } from "react";
import { Boundary } from "../shell/Boundary.tsx";
import { Icon } from "../ui/Icon.tsx";
import { useQueue } from "../upload/useQueue.ts";
import { useLogout } from "./useLogout.ts";
import { t } from "../messages/t.ts";

const SignOutDialog = lazy(async () => ({
  default: (await import("./SignOutDialog.tsx")).SignOutDialog,
}));

/** The button to sign out; asks for confirmation while uploads would be lost. */
export function SignOut() {
  const logout = useLogout();
  const queue = useQueue();
  // Signing out ends the uploads of all tabs.
  const [unfinished, setUnfinished] = useState(0);
  const [leaving, setLeaving] = useState(false);
  async function ask() {
    const files = await queue.unfinished();
    setUnfinished(files);
    if (files === 0) await leave();
  }
  async function leave() {
    if (leaving) return;
    setLeaving(true);
    await logout();
    setLeaving(false);
  }
  return (
    <>
      <button
        type="button"
        className="icon-button mirrored"
        aria-label={t("accounts.signOut")}
        title={t("accounts.signOut")}
        aria-disabled={leaving}
        onClick={() => void ask()}
      >
        <Icon name="logout" />
      </button>
      {unfinished > 0 && (
        <Boundary broken={null}>
          <Suspense>
            <SignOutDialog
              unfinished={unfinished}
              onSignOut={leave}
              onClose={() => setUnfinished(0)}
            />
          </Suspense>
        </Boundary>
      )}
    </>
  );
}

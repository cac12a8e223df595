import { useState } from "react";
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { useUnfinished } from "../upload/useTransfers.ts";
import { useLogout } from "./useLogout.ts";

/** The button to sign out; asks for confirmation while this tab is uploading files. */
export function SignOut() {
  const logout = useLogout();
  const unfinished = useUnfinished().length;
  const [leaving, setLeaving] = useState(false);
  const [confirming, setConfirming] = useState(false);
  async function leave() {
    setLeaving(true);
    await logout();
    setLeaving(false);
  }
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label="Sign out"
        title="Sign out"
        disabled={leaving}
        onClick={() => (unfinished > 0 ? setConfirming(true) : void leave())}
      >
        <Icon name="logout" />
      </button>
      {confirming && (
        <ConfirmDialog
          title="Sign out while uploading?"
          action="Sign out"
          onConfirm={async () => {
            await leave();
            return undefined;
          }}
          onClose={() => setConfirming(false)}
        >
          <p>
            {unfinished === 1 ? "1 file is" : `${unfinished} files are`} not fully uploaded. Signing
            out stops uploading and deletes the copies in this browser. To finish later, sign in,
            open the details of each incomplete upload and choose its file again.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

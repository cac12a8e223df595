import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { t } from "../messages/t.ts";

interface SignOutDialogProps {
  readonly unfinished: number;
  readonly onSignOut: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks whether to sign out although files are not fully uploaded. */
export function SignOutDialog({ unfinished, onSignOut, onClose }: SignOutDialogProps) {
  return (
    <ConfirmDialog
      title={t("accounts.signOutQuestion")}
      action={t("accounts.signOut")}
      onConfirm={async () => {
        await onSignOut();
        return undefined;
      }}
      onClose={onClose}
    >
      <p>{t("accounts.signOutText", { count: unfinished })}</p>
    </ConfirmDialog>
  );
}

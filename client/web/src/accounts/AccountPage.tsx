import { useSession } from "../session/useSession.ts";
import { useTitle } from "../shell/useTitle.ts";
import { Field } from "../ui/Field.tsx";
import { notify } from "../ui/notices.ts";
import { GeneralProblem } from "./GeneralProblem.tsx";
import { SessionList } from "./SessionList.tsx";
import { useSubmit } from "./useSubmit.ts";
import { useChangePassword } from "./useChangePassword.ts";
import "../styles/pages.css";
import { t } from "../messages/t.ts";
import { rich } from "../messages/rich.ts";

export function AccountPage() {
  useTitle(t("accounts.account"));
  const state = useSession();
  const username = state.kind === "signedIn" ? state.viewer.username : "";
  return (
    <>
      <header className="page-header">
        <h1>{t("accounts.account")}</h1>
      </header>
      <p className="lead">{rich("accounts.signedInAs", { name: <strong>{username}</strong> })}</p>
      <section className="account-section" aria-labelledby="password-title">
        <h2 id="password-title">{t("accounts.password")}</h2>
        <p className="hint">{t("accounts.passwordHint")}</p>
        <ChangePasswordForm username={username} />
      </section>
      <section className="account-section" aria-labelledby="sessions-title">
        <h2 id="sessions-title">{t("accounts.sessions")}</h2>
        <p className="hint">{t("accounts.sessionsHint")}</p>
        <SessionList />
      </section>
    </>
  );
}

function ChangePasswordForm({ username }: { readonly username: string }) {
  const change = useChangePassword((ended, revoked) => {
    const sentences = [
      t("accounts.passwordChanged"),
      ended > 0 && t("accounts.othersEnded", { count: ended }),
      revoked && t("accounts.keysRevoked"),
    ];
    notify(sentences.filter((each) => each !== false).join(" "));
  });
  const { form, failure, running, onSubmit } = useSubmit(async (given, submitted) => {
    const problem = await change({
      currentPassword: given.get("currentPassword") as string,
      newPassword: given.get("newPassword") as string,
      revokeApiKeys: given.has("revokeApiKeys"),
    });
    if (problem === undefined) submitted.reset();
    return problem;
  });

  const fields = failure?.fields ?? {};
  return (
    <form ref={form} onSubmit={onSubmit}>
      {/* Lets password managers associate the new password with the account. */}
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <Field
        label={t("accounts.currentPassword")}
        name="currentPassword"
        type="password"
        autoComplete="current-password"
        problem={fields["currentPassword"]}
        required
      />
      <Field
        label={t("accounts.newPassword")}
        name="newPassword"
        type="password"
        autoComplete="new-password"
        hint={t("accounts.passwordRule")}
        problem={fields["newPassword"]}
        required
      />
      <label className="check-line">
        <input type="checkbox" name="revokeApiKeys" />
        {t("accounts.revokeKeys")}
      </label>
      <GeneralProblem failure={failure} />
      <button type="submit" className="button primary" aria-disabled={running}>
        {running ? t("accounts.changing") : t("accounts.changePassword")}
      </button>
    </form>
  );
}

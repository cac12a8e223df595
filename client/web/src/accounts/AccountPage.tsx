import { useRef, useState, type SubmitEvent } from "react";
import { useSession } from "../session/useSession.ts";
import { useTitle } from "../shell/useTitle.ts";
import { Field } from "../ui/Field.tsx";
import { notify } from "../ui/notices.ts";
import { GeneralProblem } from "./GeneralProblem.tsx";
import type { Failure } from "./failure.ts";
import { SessionList } from "./SessionList.tsx";
import { useChangePassword } from "./useChangePassword.ts";

export function AccountPage() {
  useTitle("Account");
  const state = useSession();
  const username = state.kind === "signedIn" ? state.viewer.username : "";
  return (
    <>
      <header className="page-header">
        <h1>Account</h1>
      </header>
      <p className="lead">
        You are signed in as <strong>{username}</strong>.
      </p>
      <section className="account-section" aria-labelledby="password-title">
        <h2 id="password-title">Password</h2>
        <p className="hint">
          Changing your password signs you out on all other devices. Your API keys keep working
          unless you revoke them.
        </p>
        <ChangePasswordForm username={username} />
      </section>
      <section className="account-section" aria-labelledby="sessions-title">
        <h2 id="sessions-title">Sessions</h2>
        <p className="hint">Where you are signed in. End the sessions that you no longer need.</p>
        <SessionList />
      </section>
    </>
  );
}

function ChangePasswordForm({ username }: { readonly username: string }) {
  const change = useChangePassword((ended, revoked) => {
    const others = ended === 1 ? "1 other session" : `${ended} other sessions`;
    const keys = revoked ? " Your API keys were revoked." : "";
    notify(`Password changed.${ended > 0 ? ` You were signed out of ${others}.` : ""}${keys}`);
  });
  const form = useRef<HTMLFormElement>(null);
  const [failure, setFailure] = useState<Failure>();
  const [running, setRunning] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setRunning(true);
    const problem = await change({
      currentPassword: given.get("currentPassword") as string,
      newPassword: given.get("newPassword") as string,
      revokeApiKeys: given.has("revokeApiKeys"),
    });
    setRunning(false);
    setFailure(problem);
    if (problem === undefined) form.current?.reset();
  }

  const fields = failure?.fields ?? {};
  return (
    <form ref={form} onSubmit={(event) => void submit(event)}>
      {/* Lets password managers associate the new password with the account. */}
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <Field
        label="Current password"
        name="currentPassword"
        type="password"
        autoComplete="current-password"
        problem={fields["currentPassword"]}
        required
      />
      <Field
        label="New password"
        name="newPassword"
        type="password"
        autoComplete="new-password"
        hint="At least 8 characters"
        problem={fields["newPassword"]}
        required
      />
      <label className="check-line">
        <input type="checkbox" name="revokeApiKeys" />
        Also revoke all API keys
      </label>
      <GeneralProblem failure={failure} />
      <button type="submit" className="button primary" disabled={running}>
        {running ? "Changing…" : "Change password"}
      </button>
    </form>
  );
}

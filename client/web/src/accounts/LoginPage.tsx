import { useState, type SubmitEvent } from "react";
import { Link } from "react-router";
import { useSession } from "../session/useSession.ts";
import { Field } from "../ui/Field.tsx";
import { EntryPage } from "./EntryPage.tsx";
import { GeneralProblem } from "./GeneralProblem.tsx";
import type { Failure } from "./failure.ts";
import { useLogin } from "./useLogin.ts";
import { useTitle } from "../shell/useTitle.ts";

export function LoginPage() {
  useTitle("Sign in");
  const login = useLogin();
  const state = useSession();
  const [failure, setFailure] = useState<Failure>();
  const [running, setRunning] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setRunning(true);
    setFailure(
      await login({
        username: form.get("username") as string,
        password: form.get("password") as string,
      }),
    );
    setRunning(false);
  }

  const reason = state.kind === "signedOut" ? state.reason : undefined;
  return (
    <EntryPage title="Sign in">
      {reason !== undefined && failure === undefined && (
        <p className="note" role="status">
          {reason}
        </p>
      )}
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label="Username"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <GeneralProblem failure={failure} />
        <button type="submit" className="button primary wide" disabled={running}>
          {running ? "Signing in…" : "Sign in"}
        </button>
      </form>
      <p className="entry-other">
        New here? <Link to="/signup">Create an account</Link>
      </p>
    </EntryPage>
  );
}

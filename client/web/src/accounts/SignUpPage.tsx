import { useState, type SubmitEvent } from "react";
import { Link } from "react-router";
import { useTitle } from "../shell/useTitle.ts";
import { Field } from "../ui/Field.tsx";
import { EntryPage } from "./EntryPage.tsx";
import { GeneralProblem } from "./GeneralProblem.tsx";
import type { Failure } from "./failure.ts";
import { useSignUp } from "./useSignUp.ts";

export function SignUpPage() {
  useTitle("Create an account");
  const signUp = useSignUp();
  const [failure, setFailure] = useState<Failure>();
  const [running, setRunning] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = (form.get("email") as string).trim();
    setRunning(true);
    setFailure(
      await signUp({
        username: form.get("username") as string,
        password: form.get("password") as string,
        ...(email !== "" && { email }),
      }),
    );
    setRunning(false);
  }

  const fields = failure?.fields ?? {};
  return (
    <EntryPage title="Create an account">
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label="Username"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          hint="3 to 64 characters: letters, digits and . _ @ + -"
          problem={fields["username"]}
          required
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="At least 8 characters"
          problem={fields["password"]}
          required
        />
        <Field
          label="Email (optional)"
          name="email"
          type="email"
          autoComplete="email"
          problem={fields["email"]}
        />
        <GeneralProblem failure={failure} />
        <button type="submit" className="button primary wide" disabled={running}>
          {running ? "Creating…" : "Create account"}
        </button>
      </form>
      <p className="entry-other">
        Already have an account? <Link to="/login">Sign in</Link>
      </p>
    </EntryPage>
  );
}

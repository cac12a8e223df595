import { useState, type ReactElement } from "react";
import { signIn } from "./session.ts";

/** Asks for the username and the password. Calls `onDone` with the user's id. */
export function SignIn({ onDone }: { onDone: (user: string) => void }): ReactElement {
  const [problem, setProblem] = useState<string>();

  async function submit(form: FormData): Promise<void> {
    try {
      onDone(await signIn(form.get("username") as string, form.get("password") as string));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <form action={submit}>
      <label>
        Username <input name="username" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button>Sign in</button>
      {problem !== undefined && <p role="alert">{problem}</p>}
    </form>
  );
}

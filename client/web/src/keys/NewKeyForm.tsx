import { useId, useRef, useState, type SubmitEvent } from "react";
import { PasswordDialog } from "../accounts/PasswordDialog.tsx";
import type { Failure } from "../accounts/failure.ts";
import type { ApiKeyScope } from "../graphql/graphql.ts";
import { Field } from "../ui/Field.tsx";
import { SCOPES } from "./scopes.ts";
import { useCreateApiKey, type NewKey } from "./useCreateApiKey.ts";

const DAY_MS = 86_400_000;
const LIFETIMES = [
  { label: "Never", days: 0 },
  { label: "In 30 days", days: 30 },
  { label: "In 90 days", days: 90 },
  { label: "In 1 year", days: 365 },
] as const;

interface NewKeyFormProps {
  readonly onToken: (token: string, name: string) => void;
}

export function NewKeyForm({ onToken }: NewKeyFormProps) {
  const createKey = useCreateApiKey(onToken);
  const form = useRef<HTMLFormElement>(null);
  const [failure, setFailure] = useState<Failure>();
  const [running, setRunning] = useState(false);
  /** The key that the service creates once the user has entered the password. */
  const [unconfirmed, setUnconfirmed] = useState<NewKey>();

  async function create(key: NewKey): Promise<Failure | undefined> {
    const problem = await createKey(key);
    if (problem === undefined) form.current?.reset();
    return problem;
  }
  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const key = keyOf(new FormData(event.currentTarget));
    setRunning(true);
    const problem = await create(key);
    setRunning(false);
    const unproven = problem?.fields["currentPassword"] !== undefined;
    setUnconfirmed(unproven ? key : undefined);
    setFailure(unproven ? undefined : problem);
  }
  return (
    <>
      <form ref={form} className="line-form" onSubmit={(event) => void submit(event)}>
        <Field
          label="Name"
          name="name"
          placeholder="backup script"
          autoComplete="off"
          required
          problem={failure && (failure.fields["name"] ?? failure.message)}
        />
        <LifetimeChoice />
        <ScopeChoice />
        <button type="submit" className="button primary" disabled={running}>
          Create key
        </button>
      </form>
      {unconfirmed !== undefined && (
        <PasswordDialog
          reason="You signed in a while ago. Enter your password to create the key."
          action="Create key"
          onSubmit={(currentPassword) => create({ ...unconfirmed, currentPassword })}
          onClose={() => setUnconfirmed(undefined)}
        />
      )}
    </>
  );
}

function LifetimeChoice() {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Expires</label>
      <select id={id} name="days" defaultValue={90}>
        {LIFETIMES.map(({ label, days }) => (
          <option key={days} value={days}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

function ScopeChoice() {
  return (
    <fieldset className="choices">
      <legend>Permissions</legend>
      {Object.entries(SCOPES).map(([scope, { label, explanation }]) => (
        <label key={scope} className="check-line">
          <input type="radio" name="scope" value={scope} defaultChecked={scope === "ALL"} />
          <span>
            {label} <span className="hint">{explanation}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function keyOf(given: FormData): NewKey {
  const days = Number(given.get("days"));
  return {
    name: given.get("name") as string,
    scope: given.get("scope") as ApiKeyScope,
    ...(days > 0 && { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() }),
  };
}

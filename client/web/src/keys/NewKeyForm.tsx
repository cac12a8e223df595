import { useId, useRef, useState, type SubmitEvent } from "react";
import type { Failure } from "../accounts/failure.ts";
import { Field } from "../ui/Field.tsx";
import { useCreateApiKey } from "./useCreateApiKey.ts";

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
  const create = useCreateApiKey(onToken);
  const lifetimeId = useId();
  const form = useRef<HTMLFormElement>(null);
  const [failure, setFailure] = useState<Failure>();
  const [running, setRunning] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const days = Number(given.get("days"));
    setRunning(true);
    const problem = await create({
      name: given.get("name") as string,
      ...(days > 0 && { expiresAt: new Date(Date.now() + days * DAY_MS).toISOString() }),
    });
    setRunning(false);
    setFailure(problem);
    if (problem === undefined) form.current?.reset();
  }
  return (
    <form ref={form} className="line-form" onSubmit={(event) => void submit(event)}>
      <Field
        label="Name"
        name="name"
        placeholder="backup script"
        autoComplete="off"
        required
        problem={failure && (failure.fields["name"] ?? failure.message)}
      />
      <div className="field">
        <label htmlFor={lifetimeId}>Expires</label>
        <select id={lifetimeId} name="days" defaultValue={90}>
          {LIFETIMES.map(({ label, days }) => (
            <option key={days} value={days}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" className="button primary" disabled={running}>
        Create key
      </button>
    </form>
  );
}

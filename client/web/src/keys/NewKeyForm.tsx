import { useId, useState } from "react";
import { PasswordDialog } from "../accounts/PasswordDialog.tsx";
import type { Failure } from "../accounts/failure.ts";
import { useSubmit } from "../accounts/useSubmit.ts";
import type { ApiKeyScope } from "../graphql/graphql.ts";
import { Field } from "../ui/Field.tsx";
import { SCOPES } from "./scopes.ts";
import { useCreateApiKey, type NewKey } from "./useCreateApiKey.ts";
import { t } from "../messages/t.ts";

const DAY_MS = 86_400_000;
const LIFETIMES_DAYS = [0, 30, 90, 365];

interface NewKeyFormProps {
  readonly onToken: (token: string, name: string) => void;
}

export function NewKeyForm({ onToken }: NewKeyFormProps) {
  const createKey = useCreateApiKey(onToken);
  /** The key that the service creates once the user has entered the password. */
  const [unconfirmed, setUnconfirmed] = useState<NewKey>();
  const { form, failure, running, onSubmit } = useSubmit(async (given) => {
    const key = keyOf(given);
    const problem = await create(key);
    if (problem?.fields["currentPassword"] === undefined) return problem;
    setUnconfirmed(key);
    return undefined;
  });

  async function create(key: NewKey): Promise<Failure | undefined> {
    const problem = await createKey(key);
    if (problem === undefined) form.current?.reset();
    return problem;
  }
  return (
    <>
      <form ref={form} className="line-form" onSubmit={onSubmit}>
        <Field
          label={t("keys.name")}
          name="name"
          placeholder={t("keys.example")}
          autoComplete="off"
          required
          problem={failure && (failure.fields["name"] ?? failure.message)}
        />
        <LifetimeChoice />
        <ScopeChoice />
        <button type="submit" className="button primary" aria-disabled={running}>
          {t("keys.create")}
        </button>
      </form>
      {unconfirmed !== undefined && (
        <PasswordDialog
          reason={t("keys.passwordReason")}
          action={t("keys.create")}
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
      <label htmlFor={id}>{t("keys.expires")}</label>
      <select id={id} name="days" defaultValue={90}>
        {LIFETIMES_DAYS.map((days) => (
          <option key={days} value={days}>
            {lifetime(days)}
          </option>
        ))}
      </select>
    </div>
  );
}

function lifetime(days: number): string {
  if (days === 0) return t("keys.never");
  return days === 365 ? t("keys.inYear") : t("keys.inDays", { days });
}

function ScopeChoice() {
  return (
    <fieldset className="choices">
      <legend>{t("keys.permissions")}</legend>
      {Object.entries(SCOPES).map(([scope, { label, explanation }]) => (
        <label key={scope} className="check-line">
          <input type="radio" name="scope" value={scope} defaultChecked={scope === "ALL"} />
          <span>
            {t(label)} <span className="hint">{t(explanation)}</span>
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

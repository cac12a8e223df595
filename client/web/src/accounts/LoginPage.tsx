import { lazy, Suspense } from "react";
import { Link } from "react-router";
import { useSession } from "../session/useSession.ts";
import { Boundary } from "../shell/Boundary.tsx";
import { Field } from "../ui/Field.tsx";
import { EntryPage } from "./EntryPage.tsx";
import { GeneralProblem } from "./GeneralProblem.tsx";
import { useLogin } from "./useLogin.ts";
import { useSignInMethods } from "./useSignInMethods.ts";
import { useSubmit } from "./useSubmit.ts";
import { useTitle } from "../shell/useTitle.ts";
import { t } from "../messages/t.ts";
import { rich } from "../messages/rich.ts";

const IssuerButton = lazy(async () => ({
  default: (await import("./IssuerButton.tsx")).IssuerButton,
}));

export function LoginPage() {
  useTitle(t("accounts.signIn"));
  const login = useLogin();
  const methods = useSignInMethods();
  const state = useSession();
  const { form, failure, running, onSubmit } = useSubmit((given) =>
    login({
      username: given.get("username") as string,
      password: given.get("password") as string,
    }),
  );
  const reason = state.kind === "signedOut" ? state.reason : undefined;
  return (
    <EntryPage title={t("accounts.signIn")}>
      {reason !== undefined && failure === undefined && (
        <p className="note" role="status">
          {reason}
        </p>
      )}
      {methods.issuers.length > 0 && (
        <Boundary broken={null}>
          <Suspense>
            {methods.issuers.map((issuer) => (
              <IssuerButton key={issuer.issuer} issuer={issuer} main={!methods.passwords} />
            ))}
          </Suspense>
        </Boundary>
      )}
      <form ref={form} onSubmit={onSubmit} hidden={!methods.passwords}>
        <Field
          label={t("accounts.username")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <Field
          label={t("accounts.password")}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <GeneralProblem failure={failure} />
        <button type="submit" className="button primary wide" aria-disabled={running}>
          {running ? t("accounts.signingIn") : t("accounts.signIn")}
        </button>
      </form>
      {methods.signUp && (
        <p className="entry-other">
          {rich("accounts.newHere", { link: (text) => <Link to="/signup">{text}</Link> })}
        </p>
      )}
    </EntryPage>
  );
}

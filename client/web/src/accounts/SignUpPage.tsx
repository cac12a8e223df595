import { Link } from "react-router";
import { useTitle } from "../shell/useTitle.ts";
import { Field } from "../ui/Field.tsx";
import { EntryPage } from "./EntryPage.tsx";
import { GeneralProblem } from "./GeneralProblem.tsx";
import { useSubmit } from "./useSubmit.ts";
import { useSignUp } from "./useSignUp.ts";
import { t } from "../messages/t.ts";
import { rich } from "../messages/rich.ts";

export function SignUpPage() {
  useTitle(t("accounts.create"));
  const signUp = useSignUp();
  const { form, failure, running, onSubmit } = useSubmit((given) => {
    const email = (given.get("email") as string).trim();
    return signUp({
      username: given.get("username") as string,
      password: given.get("password") as string,
      ...(email !== "" && { email }),
    });
  });

  const fields = failure?.fields ?? {};
  return (
    <EntryPage title={t("accounts.create")}>
      <form ref={form} onSubmit={onSubmit}>
        <Field
          label={t("accounts.username")}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          hint={t("accounts.usernameRule")}
          problem={fields["username"]}
          required
        />
        <Field
          label={t("accounts.password")}
          name="password"
          type="password"
          autoComplete="new-password"
          hint={t("accounts.passwordRule")}
          problem={fields["password"]}
          required
        />
        <Field
          label={t("accounts.email")}
          name="email"
          type="email"
          autoComplete="email"
          problem={fields["email"]}
        />
        <GeneralProblem failure={failure} />
        <button type="submit" className="button primary wide" aria-disabled={running}>
          {running ? t("accounts.creating") : t("accounts.createAction")}
        </button>
      </form>
      <p className="entry-other">
        {rich("accounts.haveAccount", { link: (text) => <Link to="/login">{text}</Link> })}
      </p>
    </EntryPage>
  );
}

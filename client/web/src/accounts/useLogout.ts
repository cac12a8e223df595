import { useMutation } from "@apollo/client/react";
import { sentence } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { session } from "../session/session.ts";
import { notify } from "../ui/notices.ts";
import { t } from "../messages/t.ts";

const logout = graphql(`
  mutation Logout {
    logout {
      sessionsEnded
    }
  }
`);

/** Sign out in all tabs of this browser. */
export function useLogout(): () => Promise<void> {
  const [mutate] = useMutation(logout);
  return async () => {
    try {
      await mutate();
      await session.end();
    } catch (error) {
      // The refresh cookie is still valid, so the page must not look signed out.
      notify(t("accounts.stillSignedIn", { problem: sentence(error) }), "problem");
    }
  };
}

import { useApolloClient } from "@apollo/client/react";
import { sentence } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { session } from "../session/session.ts";
import { notify } from "../ui/notices.ts";
import { t } from "../messages/t.ts";

const logout = graphql(`
  mutation UseLogout {
    logout {
      sessionsEnded
    }
  }
`);

/** Sign out in all tabs of this browser. */
export function useLogout(): () => Promise<void> {
  const client = useApolloClient();
  return async () => {
    try {
      await client.mutate({ mutation: logout });
      await session.end();
    } catch (error) {
      // The refresh cookie is still valid, so the page must not look signed out.
      notify(t("accounts.stillSignedIn", { problem: sentence(error) }), "problem");
    }
  };
}

import { useMutation } from "@apollo/client/react";
import { sentence } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { session } from "../session/session.ts";
import { notify } from "../ui/notices.ts";

const logout = graphql(`
  mutation Logout {
    logout {
      sessionsEnded
    }
  }
`);

/** End the session, here and in the other tabs. */
export function useLogout(): () => Promise<void> {
  const [mutate] = useMutation(logout);
  return async () => {
    try {
      await mutate();
      session.end();
    } catch (error) {
      // The cookie is still there, so it would be wrong to look logged out.
      notify(`You are still logged in. ${sentence(error)}`, "problem");
    }
  };
}

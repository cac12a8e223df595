import { useMutation } from "@apollo/client/react";
import { sentence } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { sessionsQuery } from "./sessionsQuery.ts";

const endSession = graphql(`
  mutation EndSession($id: ID!) {
    endSession(id: $id) {
      sessionsEnded
    }
  }
`);

/** End one of the user's sessions; resolves to an error message if that fails. */
export function useEndSession(): (id: string) => Promise<string | undefined> {
  const [mutate] = useMutation(endSession);
  return async (id) => {
    try {
      await mutate({
        variables: { id },
        // Whether it ended now or before, the session is over.
        update: (cache) => {
          cache.updateQuery({ query: sessionsQuery }, (data) =>
            data?.viewer == null
              ? undefined
              : {
                  ...data,
                  viewer: {
                    ...data.viewer,
                    sessions: data.viewer.sessions.filter((session) => session.id !== id),
                  },
                },
          );
        },
      });
      return undefined;
    } catch (error) {
      return sentence(error);
    }
  };
}

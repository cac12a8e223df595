import { useApolloClient } from "@apollo/client/react";
import { sentence } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";

const endSession = graphql(`
  mutation UseEndSession($id: ID!) {
    endSession(id: $id) {
      sessionsEnded
    }
  }
`);

/** End one of the user's sessions; resolves to an error message if that fails. */
export function useEndSession(): (id: string) => Promise<string | undefined> {
  const client = useApolloClient();
  return async (id) => {
    try {
      // Whether it ended now or before, the session is over.
      await client.mutate({ mutation: endSession, variables: { id } });
      return undefined;
    } catch (error) {
      return sentence(error);
    }
  };
}

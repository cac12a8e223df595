import { ApolloClient } from "@apollo/client";
import { session } from "../session/session.ts";
import { createCache } from "./cache.ts";
import { createLink } from "./links.ts";

export const client = new ApolloClient({
  cache: createCache(),
  link: createLink(),
  clientAwareness: { name: "web" },
  defaultOptions: {
    watchQuery: { fetchPolicy: "cache-and-network", nextFetchPolicy: "cache-first" },
  },
});

// Clear the cache when the user changes, so that nobody sees another user's data.
let viewerId: string | undefined;
session.subscribe(() => {
  const state = session.getState();
  const next = state.kind === "signedIn" ? state.viewer.id : undefined;
  if (next === viewerId) return;
  if (viewerId !== undefined) void client.clearStore();
  viewerId = next;
});

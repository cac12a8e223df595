import { ApolloClient } from "@apollo/client";
import { createCache } from "./cache.ts";
import { createLink } from "./links.ts";

export const client = new ApolloClient({
  cache: createCache(),
  link: createLink(),
  dataMasking: true,
  clientAwareness: { name: "web" },
  defaultOptions: {
    watchQuery: { fetchPolicy: "cache-and-network", nextFetchPolicy: "cache-first" },
  },
});

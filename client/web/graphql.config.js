// Used by ESLint and by editors.
export default {
  schema: ["../../schema.graphql", "client.graphql"],
  documents: ["src/**/*.{ts,tsx}", "!src/graphql/**"],
};

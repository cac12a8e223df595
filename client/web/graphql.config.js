// Used by ESLint and by editors.
export default {
  schema: ["../../schema.graphql", "masking.graphql"],
  documents: ["src/**/*.{ts,tsx}", "!src/graphql/**"],
};

import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: ["../../schema.graphql", "client.graphql"],
  documents: ["src/**/*.{ts,tsx}", "!src/graphql/**"],
  generates: {
    "src/graphql/": {
      preset: "client",
      // Apollo Client masks the data itself; it needs the types of masked fragments.
      presetConfig: { fragmentMasking: false },
      config: {
        inlineFragmentTypes: "mask",
        customDirectives: { apolloUnmask: true },
        // The build finds a document by the name of its operation or fragment.
        namingConvention: "keep",
        scalars: { ByteCount: "number", DateTime: "string", ID: "string" },
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
        nonOptionalTypename: true,
        defaultScalarType: "unknown",
        skipTypeNameForRoot: true,
      },
    },
    // The cache needs to know which types implement UserError.
    "src/graphql/possibleTypes.ts": {
      plugins: ["fragment-matcher"],
      config: { useExplicitTyping: false },
    },
  },
};

export default config;

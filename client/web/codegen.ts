import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../../schema.graphql",
  documents: ["src/**/*.{ts,tsx}", "!src/graphql/**"],
  generates: {
    "src/graphql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
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

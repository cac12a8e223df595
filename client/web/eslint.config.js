import graphql from "@graphql-eslint/eslint-plugin";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist/", "src/graphql/", "screenshots/", "test-results/", "client.graphql"]),
  {
    files: ["**/*.{ts,tsx}"],
    extends: [
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
      reactHooks.configs.flat["recommended-latest"],
      jsxA11y.flatConfigs.strict,
    ],
    // GraphQL documents are template literals beside the code that uses them.
    processor: graphql.processor,
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // The default branch handles union members that a newer service adds: see unknownMember.
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["**/*.graphql"],
    languageOptions: { parser: graphql.parser },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/operations-recommended"].rules,
      // User, Upload and ApiKey have ids; the cache stores all other types inside their parents.
      "@graphql-eslint/require-selections": "error",
      // tests/unit/operations.test.ts holds the names: they contain those of their modules.
      "@graphql-eslint/naming-convention": "off",
      // Rows read their fragments from the cache; list queries fetch `uploadFields_upload` instead.
      "@graphql-eslint/no-unused-fragments": "off",
    },
  },
);

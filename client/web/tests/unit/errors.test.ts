import { CombinedGraphQLErrors } from "@apollo/client/errors";
import { expect, it } from "vitest";
import { maxFiles } from "../../src/api/errors.ts";

function graphqlError(extensions: Record<string, unknown>) {
  return new CombinedGraphQLErrors({ errors: [{ message: "Too large.", extensions }] });
}

it("reads how many files fit into a response", () => {
  expect(maxFiles(graphqlError({ code: "BAD_USER_INPUT", maxFiles: 48 }))).toBe(48);
  expect(maxFiles(graphqlError({ code: "BAD_USER_INPUT" }))).toBeUndefined();
  expect(maxFiles(new Error("offline"))).toBeUndefined();
});

import { readFileSync } from "node:fs";
import { ApolloClient, ApolloLink } from "@apollo/client";
import { buildSchema, parse, print, validate, type DocumentNode } from "graphql";
import { of } from "rxjs";
import { expect, it } from "vitest";
import { createCache } from "../../src/api/cache.ts";
import { completeUploads } from "../../src/api/completeUploads.ts";
import { EXAMPLES } from "../../src/playground/examples.ts";

const schema = buildSchema(
  readFileSync(new URL("../../../../schema.graphql", import.meta.url), "utf8"),
);

it("has playground examples that are valid against the schema", () => {
  for (const { query, variables } of EXAMPLES) {
    expect(validate(schema, parse(query))).toEqual([]);
    if (variables !== undefined) expect(JSON.parse(variables)).toHaveProperty("input");
  }
});

it("completes many uploads with few valid documents, and returns results in order", async () => {
  const sent: { query: DocumentNode; variables: Record<string, unknown> }[] = [];
  const link = new ApolloLink(({ query, variables }) => {
    sent.push({ query, variables });
    const data = Object.fromEntries(
      Object.values(variables).map((id, index) => [
        `result${index}`,
        { __typename: "UploadNotFound", code: "UPLOAD_NOT_FOUND", message: String(id) },
      ]),
    );
    return of({ data });
  });
  const client = new ApolloClient({ cache: createCache(), link });
  const ids = Array.from({ length: 60 }, (_, index) => `id-${index}`);

  const results = await completeUploads(client, ids);

  expect(results.map((result) => result && "message" in result && result.message)).toEqual(ids);
  expect(sent.map(({ variables }) => Object.keys(variables).length)).toEqual([25, 25, 10]);
  for (const { query } of sent) {
    expect(validate(schema, query)).toEqual([]);
    // The service accepts 2,500 selections; `print` puts each field and fragment on its own line.
    expect(print(query).split("\n").length).toBeLessThan(2500);
  }
});

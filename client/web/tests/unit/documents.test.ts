import { readFileSync } from "node:fs";
import { ApolloClient, ApolloLink } from "@apollo/client";
import { buildSchema, parse, validate, type DocumentNode } from "graphql";
import { of } from "rxjs";
import { expect, it } from "vitest";
import { createCache } from "../../src/api/cache.ts";
import { createTransferApi } from "../../src/api/transferApi.ts";
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

it("completes many uploads with one valid document, and returns results in order", async () => {
  const sent: { query: DocumentNode; variables: Record<string, unknown> }[] = [];
  const link = new ApolloLink(({ query, variables }) => {
    sent.push({ query, variables });
    const ids = variables["ids"] as string[];
    const closed = { __typename: "UploadNotFound", code: "UPLOAD_NOT_FOUND" };
    return of({ data: { completeUploads: ids.map((id) => ({ ...closed, message: id })) } });
  });
  const client = new ApolloClient({ cache: createCache(), link });
  const ids = Array.from({ length: 100 }, (_, index) => `id-${index}`);

  const results = await createTransferApi(client).complete(ids);

  expect(results.map((result) => result?.message)).toEqual(ids);
  expect(sent).toHaveLength(1);
  for (const { query } of sent) expect(validate(schema, query)).toEqual([]);
});

import type { ApolloClient } from "@apollo/client";
import type { CompleteUploadMutation } from "../graphql/graphql.ts";
import { completeUpload } from "./completeUpload.ts";
import { numberedIds, repeated } from "./repeated.ts";

type CompleteResult = CompleteUploadMutation["completeUpload"];

/** The service accepts documents of up to 2,500 fields, and each upload needs about 60. */
const AT_ONCE = 25;

const completions = repeated<CompleteResult>(completeUpload, "CompleteUploads");

/** Complete many uploads in few requests. Returns one result per upload, in order. */
export async function completeUploads(
  client: ApolloClient,
  ids: readonly string[],
): Promise<(CompleteResult | undefined)[]> {
  const groups = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, index) =>
    ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
  const results = await Promise.all(groups.map((group) => completeGroup(client, group)));
  return results.flat();
}

async function completeGroup(client: ApolloClient, ids: readonly string[]) {
  const { data } = await client.mutate({
    mutation: completions(ids.length),
    variables: numberedIds(ids),
  });
  return ids.map((_, index) => data?.[`result${index}`]);
}

import type { ApolloClient } from "@apollo/client";
import { sentence } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";

const downloadLink = graphql(`
  query DownloadLink($id: ID!, $disposition: Disposition!, $seconds: Int) {
    upload(id: $id) {
      id
      download(disposition: $disposition, expiresInSeconds: $seconds) {
        url
      }
    }
  }
`);

const GONE = "This file has been deleted meanwhile.";
/** Browsers drop downloads that begin in the same moment as another. */
const BETWEEN_MS = 400;

/** A signed address that works for so many seconds. */
export async function linkTo(
  client: ApolloClient,
  id: string,
  disposition: "INLINE" | "ATTACHMENT",
  seconds?: number,
): Promise<string> {
  const { data } = await client.query({
    query: downloadLink,
    variables: { id, disposition, ...(seconds !== undefined && { seconds }) },
    fetchPolicy: "no-cache",
  });
  const url = data?.upload?.download?.url;
  if (url === undefined) throw new Error(GONE);
  return url;
}

/** Save the files, one after the other; resolves with why not, if not. */
export async function download(
  client: ApolloClient,
  ids: readonly string[],
): Promise<string | undefined> {
  try {
    for (const [index, id] of ids.entries()) {
      if (index > 0) await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
      save(await linkTo(client, id, "ATTACHMENT"));
    }
    return undefined;
  } catch (error) {
    return error instanceof Error && error.message === GONE ? GONE : sentence(error);
  }
}

/** The answer says "attachment", so the page stays where it is. */
function save(url: string): void {
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.rel = "noreferrer";
  anchor.click();
}

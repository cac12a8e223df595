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

const DELETED = "This file has been deleted.";
/** Browsers drop downloads that start at the same moment as another. */
const DOWNLOAD_GAP_MS = 400;

/** Return a signed URL that is valid for `seconds`, or for the service's default. */
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
  if (url === undefined) throw new Error(DELETED);
  return url;
}

/** Download the files one by one; resolves to an error message if that fails. */
export async function download(
  client: ApolloClient,
  ids: readonly string[],
): Promise<string | undefined> {
  try {
    for (const [index, id] of ids.entries()) {
      if (index > 0) await new Promise((resolve) => setTimeout(resolve, DOWNLOAD_GAP_MS));
      save(await linkTo(client, id, "ATTACHMENT"));
    }
    return undefined;
  } catch (error) {
    return error instanceof Error && error.message === DELETED ? DELETED : sentence(error);
  }
}

/** Content-Disposition is "attachment", so the browser does not leave the page. */
function save(url: string): void {
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.rel = "noreferrer";
  anchor.click();
}

import type { ApolloClient } from "@apollo/client";
import { sentence } from "../api/errors.ts";
import { graphql } from "../graphql/index.ts";
import { t } from "../messages/t.ts";

const downloadLink = graphql(`
  query Downloads($id: ID!, $disposition: Disposition!) {
    upload(id: $id) {
      id
      download(disposition: $disposition) {
        url
      }
    }
  }
`);

/** Thrown if a file has been deleted. */
class FileDeleted extends Error {}

/** Return a signed URL, which is valid for the service's default time. */
export async function linkTo(
  client: ApolloClient,
  id: string,
  disposition: "INLINE" | "ATTACHMENT",
): Promise<string> {
  const { data } = await client.query({
    query: downloadLink,
    variables: { id, disposition },
    fetchPolicy: "no-cache",
  });
  const url = data?.upload?.download?.url;
  if (url === undefined) throw new FileDeleted();
  return url;
}

/** Download a file; resolves to an error message if that fails. */
export async function download(client: ApolloClient, id: string): Promise<string | undefined> {
  try {
    save(await linkTo(client, id, "ATTACHMENT"));
    return undefined;
  } catch (error) {
    return error instanceof FileDeleted ? t("details.fileDeleted") : sentence(error);
  }
}

/** Content-Disposition is "attachment", so the browser does not leave the page. */
function save(url: string): void {
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.rel = "noreferrer";
  anchor.click();
}

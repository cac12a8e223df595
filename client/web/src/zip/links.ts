import type { ApolloClient } from "@apollo/client";
import { numberedIds, repeated } from "../api/repeated.ts";
import type { LinksQuery } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";

const AT_ONCE = 20;
/** A link must work at least this long when a download starts. */
const MARGIN_MS = 5000;

const zipLink = graphql(`
  query Links($id: ID!) {
    upload(id: $id) {
      id
      download(disposition: ATTACHMENT, expiresInSeconds: 900) {
        url
        expiresAt
      }
    }
  }
`);
const zipLinks = repeated<LinksQuery["upload"]>(zipLink);

interface Link {
  readonly url: string;
  readonly expiresAt: number;
}

/** The file has been deleted, so asking again won't help. */
export class FileGone extends Error {}

/** Signs links to files in batches, shortly before they are used. */
export class Links {
  readonly #client: ApolloClient;
  readonly #ids: readonly string[];
  readonly #links = new Map<string, Link>();

  constructor(client: ApolloClient, ids: readonly string[]) {
    this.#client = client;
    this.#ids = ids;
  }

  /** Return a link to a file; signs the links to those after it, too. Throws FileGone if there is none. */
  async get(id: string): Promise<string> {
    if (!works(this.#links.get(id))) await this.#sign(id);
    const link = this.#links.get(id);
    if (link === undefined) throw new FileGone();
    return link.url;
  }

  /** Forget a link that failed. */
  drop(id: string): void {
    this.#links.delete(id);
  }

  async #sign(id: string): Promise<void> {
    const start = this.#ids.indexOf(id);
    const ids = this.#ids.slice(start, start + AT_ONCE);
    const { data } = await this.#client.query({
      query: zipLinks(ids.length),
      variables: numberedIds(ids),
      fetchPolicy: "no-cache",
    });
    this.#links.clear();
    for (const [index, each] of ids.entries()) {
      const file = data?.[`result${index}`]?.download;
      if (file != null) {
        this.#links.set(each, { url: file.url, expiresAt: Date.parse(file.expiresAt) });
      }
    }
  }
}

function works(link: Link | undefined): boolean {
  return link !== undefined && link.expiresAt - MARGIN_MS > Date.now();
}

import { PASSWORD } from "./test.ts";

/** Calls the API as a script would, to set up a test's data. */
export class Api {
  private constructor(
    private readonly url: string,
    readonly token: string,
  ) {}

  static async logIn(url: string, username: string): Promise<Api> {
    const answer = await post(url, undefined, LOGIN, { username, password: PASSWORD });
    const { accessToken } = answer["login"] as { accessToken: string };
    return new Api(url, accessToken);
  }

  static async signUp(url: string, username: string): Promise<Api> {
    await post(url, undefined, SIGN_UP, { username, password: PASSWORD });
    return Api.logIn(url, username);
  }

  static withToken(url: string, token: string): Api {
    return new Api(url, token);
  }

  ask(query: string, variables: object = {}): Promise<Record<string, unknown>> {
    return post(this.url, this.token, query, variables);
  }

  /** Request uploads without sending their bytes. */
  async request(
    files: readonly { filename: string; contentType?: string; size?: number; tags?: string[] }[],
  ): Promise<string[]> {
    const input = files.map((file) => ({ contentType: "text/plain", size: 1, ...file }));
    const answer = await this.ask(REQUEST, { input });
    return (answer["requestUploads"] as { upload: { id: string } }[]).map(
      ({ upload }) => upload.id,
    );
  }

  /** Upload a small file; returns the upload's id. */
  async store(
    filename: string,
    contentType: string,
    data: Buffer | string,
    tags: string[] = [],
  ): Promise<string> {
    const finish = await this.begin(filename, contentType, data, tags);
    return finish();
  }

  /** Request an upload; returns the function that sends the bytes. */
  async begin(
    filename: string,
    contentType: string,
    data: Buffer | string,
    tags: string[] = [],
  ): Promise<() => Promise<string>> {
    const body = Buffer.from(data as string);
    const input = [{ filename, contentType, size: body.length, tags }];
    const answer = await this.ask(REQUEST, { input });
    const [ticket] = answer["requestUploads"] as Ticket[];
    if (ticket === undefined) throw new Error("no ticket");
    const { id } = ticket.upload;
    return async () => {
      // Signed now, since URLs expire soon.
      const { upload } = (await this.ask(TRANSFER, { id })) as unknown as Transferring;
      const [part] = upload.transfer.parts;
      if (part === undefined) throw new Error("no part");
      const headers = part.headers.map(({ name, value }) => [name, value] as [string, string]);
      const put = await fetch(part.url, { method: "PUT", headers, body });
      if (!put.ok) throw new Error(`the bucket answered ${put.status}`);
      await this.ask(COMPLETE, { id });
      return id;
    };
  }

  /** Return the names of the files that are still to be processed. */
  async unprocessed(): Promise<string[]> {
    const { uploads } = (await this.ask(PROCESSING)) as {
      uploads: { nodes: { filename: string; processing: string }[] };
    };
    return uploads.nodes
      .filter(({ processing }) => processing === "PENDING")
      .map(({ filename }) => filename);
  }
}

interface Ticket {
  upload: { id: string };
}

interface Transferring {
  upload: {
    transfer: { parts: { url: string; headers: { name: string; value: string }[] }[] };
  };
}

const LOGIN = `mutation ($username: String!, $password: String!) {
  login(input: { username: $username, password: $password }) {
    ... on Session { accessToken }
  }
}`;
const SIGN_UP = `mutation ($username: String!, $password: String!) {
  signUp(input: { username: $username, password: $password }) { __typename }
}`;
const REQUEST = `mutation ($input: [RequestUploadInput!]!) {
  requestUploads(input: $input) {
    ... on UploadTicket {
      upload { id }
    }
  }
}`;
const TRANSFER = `query ($id: ID!) {
  upload(id: $id) { transfer { parts { url headers { name value } } } }
}`;
const PROCESSING = "{ uploads(first: 100) { nodes { filename processing } } }";
const COMPLETE = `mutation ($id: ID!) { completeUpload(id: $id) { __typename } }`;

async function post(
  url: string,
  token: string | undefined,
  query: string,
  variables: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
  if (answer.data == null) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

// Signs in from the page. The tokens stay in memory: a reload signs the user out.

const LOGIN = `mutation Login($input: LoginInput!) {
  session: login(input: $input) {
    ... on Session { accessToken refreshToken user { id } }
    ... on UserError { message }
  }
}`;
const REFRESH = `mutation Refresh($input: RefreshSessionInput!) {
  session: refreshSession(input: $input) {
    ... on Session { accessToken refreshToken user { id } }
    ... on UserError { message }
  }
}`;

interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly user: { readonly id: string };
}

let session: Session | undefined;
let renewal: Promise<void> | undefined;

/** The service's endpoint: that of `make run`, or of the page's `?api=`. */
export function endpoint(): string {
  const api = new URLSearchParams(location.search).get("api") ?? "http://127.0.0.1:8000";
  return `${api}/graphql`;
}

/** Sign in. Returns the user's id. */
export async function signIn(username: string, password: string): Promise<string> {
  session = await begin(LOGIN, { username, password });
  return session.user.id;
}

/** Return the access token; a new one if the service rejected the current one. */
export async function getToken(rejected?: string): Promise<string | undefined> {
  if (session !== undefined && session.accessToken === rejected) {
    // A refresh token works once, so that requests share one renewal.
    renewal ??= renew(session).finally(() => {
      renewal = undefined;
    });
    await renewal;
  }
  return session?.accessToken;
}

async function renew({ refreshToken }: Session): Promise<void> {
  session = await begin(REFRESH, { refreshToken }).catch(() => undefined);
}

async function begin(query: string, input: object): Promise<Session> {
  const response = await fetch(endpoint(), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const answer = (await response.json()) as {
    readonly data?: { readonly session: Session | { readonly message: string } } | null;
    readonly errors?: readonly { readonly message: string }[];
  };
  const result = answer.data?.session;
  if (result !== undefined && "accessToken" in result) return result;
  throw new Error(result?.message ?? answer.errors?.[0]?.message ?? "The service did not answer.");
}

import { graphql } from "../graphql/index.ts";
import type { RefreshSessionMutation } from "../graphql/graphql.ts";
import { print } from "graphql";

/** So long the answer to a request may take whose page was left meanwhile. */
const ORPHAN_WAIT_MS = 5000;
const MARK = "media.renewing";

let leaving = false;
addEventListener("pagehide", () => {
  leaving = true;
});
addEventListener("pageshow", () => {
  leaving = false;
});

const refreshSession = graphql(`
  mutation RefreshSession {
    refreshSession(input: { tokenDelivery: COOKIE }) {
      __typename
      ... on Session {
        ...SessionFields
      }
      ... on UserError {
        code
        message
      }
    }
  }
`);
const body = JSON.stringify({ query: print(refreshSession) });

/**
 * Trade the cookie for an access token.
 *
 * Each refresh token works once, and a second use ends the session. So no two requests of this
 * browser may carry the same cookie: the lock keeps tabs apart, `keepalive` lets the answer arrive
 * (and set the next cookie) when the page is left meanwhile, and the mark makes the page that comes
 * after it wait for that answer.
 */
export async function requestRefresh(): Promise<RefreshSessionMutation["refreshSession"]> {
  return exclusively(async () => {
    await orphanedRequest();
    localStorage.setItem(MARK, String(Date.now()));
    try {
      const response = await fetch("/graphql", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        credentials: "include",
        keepalive: true,
        body,
      });
      return answer(await response.json());
    } finally {
      // Where the page is being left, the request goes on without it, and so the mark stays.
      if (!leaving) localStorage.removeItem(MARK);
    }
  });
}

/** Browsers offer locks to secure origins only; elsewhere tabs are not kept apart. */
async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const locks = (navigator as Partial<Navigator>).locks;
  return locks === undefined ? work() : locks.request("media.session", work);
}

async function orphanedRequest(): Promise<void> {
  const age = Date.now() - Number(localStorage.getItem(MARK) ?? 0);
  if (age < 0 || age >= ORPHAN_WAIT_MS) return;
  await new Promise((resolve) => setTimeout(resolve, ORPHAN_WAIT_MS - age));
}

function answer(json: unknown): RefreshSessionMutation["refreshSession"] {
  const { data } = json as { data?: RefreshSessionMutation | null };
  if (data == null) throw new Error("The service gave no answer.");
  return data.refreshSession;
}

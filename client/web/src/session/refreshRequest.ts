import type { Unmasked } from "@apollo/client";
import { textOf } from "../api/documentText.ts";
import { send } from "../api/send.ts";
import { graphql } from "../graphql/index.ts";
import type { RefreshRequestMutation } from "../graphql/graphql.ts";

/** How long to wait for a response to a request that was sent by a page since unloaded. */
const ORPHAN_WAIT_MS = 5000;
const MARK = "media.renewing";

let leaving = false;
addEventListener("pagehide", () => {
  leaving = true;
});
addEventListener("pageshow", () => {
  leaving = false;
});

const refreshSession = textOf(
  graphql(`
    mutation RefreshRequest {
      refreshSession(input: { tokenDelivery: COOKIE }) {
        __typename
        ... on Session {
          ...sessionFields_session
        }
        ... on UserError {
          code
          message
        }
      }
    }
  `),
);

/**
 * Exchange the refresh cookie for an access token.
 *
 * Each refresh token works once, and a second use ends the session, so this browser must never send
 * the same cookie twice. The lock serializes the requests of all tabs. `keepalive` lets the
 * response arrive (and set the next cookie) after its page has been unloaded, and the mark in
 * localStorage makes the next page wait for that response.
 */
export async function requestRefresh(): Promise<
  Unmasked<RefreshRequestMutation>["refreshSession"]
> {
  return exclusively(async () => {
    await orphanedRequest();
    localStorage.setItem(MARK, String(Date.now()));
    try {
      return (await send(refreshSession, {}, { keepalive: true })).refreshSession;
    } finally {
      // If the page is being unloaded, the request continues without it, so the mark must stay.
      if (!leaving) localStorage.removeItem(MARK);
    }
  });
}

/** Web Locks exist in secure contexts only; elsewhere the tabs' requests are not serialized. */
async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const locks = (navigator as Partial<Navigator>).locks;
  return locks === undefined ? work() : locks.request("media.session", work);
}

/** Wait for a request that a previous page may have left in flight. */
async function orphanedRequest(): Promise<void> {
  const age = Date.now() - Number(localStorage.getItem(MARK) ?? 0);
  if (age < 0 || age >= ORPHAN_WAIT_MS) return;
  await new Promise((resolve) => setTimeout(resolve, ORPHAN_WAIT_MS - age));
}

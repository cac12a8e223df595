import { ApolloLink, type Observable } from "@apollo/client";
import { HttpLink } from "@apollo/client/link/http";
import { from, switchMap } from "rxjs";
import { session } from "../session/session.ts";
import { takeEarly } from "./early.ts";

/** Send the session's access token with each operation, renewing it before it expires. */
function authenticated(): ApolloLink {
  return new ApolloLink((operation, forward) => {
    return from(session.token()).pipe(
      switchMap((token) => withToken(operation, token, forward)),
      switchMap((result) => {
        if (!isUnauthenticated(result)) return [result];
        return retryRenewed(operation, forward, result);
      }),
    );
  });
}

/** Renew a rejected token and retry the operation once. Concurrent operations share one renewal. */
function retryRenewed(
  operation: ApolloLink.Operation,
  forward: ApolloLink.ForwardFunction,
  rejection: ApolloLink.Result,
): Observable<ApolloLink.Result> {
  const rejected = operation.getContext()["token"] as string | undefined;
  return from(session.tokenInPlaceOf(rejected)).pipe(
    switchMap((token) =>
      token === undefined ? [rejection] : withToken(operation, token, forward),
    ),
  );
}

function withToken(
  operation: ApolloLink.Operation,
  token: string | undefined,
  forward: ApolloLink.ForwardFunction,
): Observable<ApolloLink.Result> {
  operation.setContext({
    token,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  return forward(operation);
}

/** Without a valid token, `viewer` is null instead of an UNAUTHENTICATED error. */
function isUnauthenticated({ data, errors }: ApolloLink.Result): boolean {
  return (
    data?.["viewer"] === null ||
    (errors?.some((error) => error.extensions?.["code"] === "UNAUTHENTICATED") ?? false)
  );
}

/** Answer queries with what was requested before Apollo Client had arrived. */
function requestedBefore(): ApolloLink {
  return new ApolloLink((operation, forward) => {
    const early = takeEarly(operation.operationName, operation.variables);
    if (early === undefined) return forward(operation);
    return from(early).pipe(
      switchMap((data) => (data === undefined ? forward(operation) : [{ data }])),
    );
  });
}

export function createLink(): ApolloLink {
  return ApolloLink.from([
    requestedBefore(),
    authenticated(),
    new HttpLink({ uri: "/graphql", credentials: "include" }),
  ]);
}

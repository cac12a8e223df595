import { ApolloLink, type Observable } from "@apollo/client";
import { HttpLink } from "@apollo/client/link/http";
import { from, switchMap } from "rxjs";
import { session } from "../session/session.ts";

/** Send the session's token with each operation, renewed before it ends. */
function authenticated(): ApolloLink {
  return new ApolloLink((operation, forward) => {
    if (operation.getContext()["anonymous"] === true) return forward(operation);
    return from(session.token()).pipe(
      switchMap((token) => withToken(operation, token, forward)),
      switchMap((result) => {
        if (!isRefused(result)) return [result];
        return renewed(operation, forward, result);
      }),
    );
  });
}

/** Several operations that meet a refused token renew it once, and are sent once more each. */
function renewed(
  operation: ApolloLink.Operation,
  forward: ApolloLink.ForwardFunction,
  refusal: ApolloLink.Result,
): Observable<ApolloLink.Result> {
  const refused = operation.getContext()["token"] as string | undefined;
  return from(session.tokenInPlaceOf(refused)).pipe(
    switchMap((token) => (token === undefined ? [refusal] : withToken(operation, token, forward))),
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

/** A query of `viewer` is answered to anybody: to nobody in particular, it says null. */
function isRefused({ data, errors }: ApolloLink.Result): boolean {
  return (
    data?.["viewer"] === null ||
    (errors?.some((error) => error.extensions?.["code"] === "UNAUTHENTICATED") ?? false)
  );
}

export function createLink(): ApolloLink {
  return ApolloLink.from([
    authenticated(),
    new HttpLink({ uri: "/graphql", credentials: "include" }),
  ]);
}

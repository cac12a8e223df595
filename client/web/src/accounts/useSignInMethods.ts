import { useEffect, useState } from "react";
import { textOf } from "../api/documentText.ts";
import { send } from "../api/send.ts";
import { graphql } from "../graphql/index.ts";
import type { UseSignInMethodsQuery } from "../graphql/graphql.ts";

const signInMethods = textOf(
  graphql(`
    query UseSignInMethods {
      signInMethods {
        passwords
        signUp
        issuers {
          name
          issuer
          clientId
        }
      }
    }
  `),
);

type Methods = UseSignInMethodsQuery["signInMethods"];
const PASSWORDS: Methods = {
  __typename: "SignInMethods",
  passwords: true,
  signUp: true,
  issuers: [],
};

/** Return how people sign in here; passwords until the service has answered. */
export function useSignInMethods(): Methods {
  const [methods, setMethods] = useState(PASSWORDS);
  useEffect(() => {
    let shown = true;
    send(signInMethods).then(
      (answer) => shown && setMethods(answer.signInMethods),
      () => undefined,
    );
    return () => {
      shown = false;
    };
  }, []);
  return methods;
}

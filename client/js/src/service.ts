import { TransferError } from "./engine/errors.ts";
import type { TransferApi } from "./engine/index.ts";

/** Returns an access token; `rejected` is the one that the service no longer accepts. */
export type GetToken = (rejected?: string) => Promise<string | undefined> | string | undefined;

const ANSWER_MS = 60_000;
const PART = "{number offset size method url expiresAt headers{name value}}";
const PLAN = "partSize partCount";
const REQUEST = `mutation RequestUploads($input:[RequestUploadInput!]!,$withParts:Boolean!){
requestUploads(input:$input){__typename ... on UploadTicket{created upload{id status
transfer{${PLAN} parts(select:[{number:1}])@include(if:$withParts)${PART}}}}
... on UserError{code message} ... on InvalidInput{fields{path message}}}}`;
const SIGN = `query SignParts($id:ID!,$parts:[PartInput!]!){
upload(id:$id){transfer{parts(select:$parts)${PART}}}}`;
const RECEIVED = `query ReceivedParts($id:ID!){
upload(id:$id){status size transfer{${PLAN} received{number}}}}`;
const COMPLETE = `mutation CompleteUploads($ids:[ID!]!){completeUploads(ids:$ids){__typename
... on Upload{id status} ... on UploadIncomplete{missingParts} ... on UserError{code message}}}`;
const CANCEL = "mutation CancelUpload($id:ID!){cancelUpload(id:$id){__typename}}";

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly maxFiles?: number };
  }[];
}

/** Return the service's operations as plain requests to its GraphQL endpoint. */
export function createApi(endpoint: string | URL, getToken: GetToken): TransferApi {
  async function send(query: string, variables: object, token: string | undefined) {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const answer = (await response.json().catch(() => ({}))) as Answer;
    return { status: response.status, ...answer };
  }

  /** Return the one field of the response's data. */
  async function ask<T>(query: string, variables: object): Promise<T> {
    let token = await getToken();
    let answer = await send(query, variables, token);
    if (codeOf(answer) === "UNAUTHENTICATED") {
      token = await getToken(token);
      if (token !== undefined) answer = await send(query, variables, token);
    }
    const { data, errors, status } = answer;
    if (data != null && errors === undefined) return Object.values(data)[0] as T;
    const code = codeOf(answer);
    const message = errors?.[0]?.message ?? `The service returned an error (${status}).`;
    const transient =
      code === undefined ? status >= 500 || status === 429 : /^(RATE_LIMITED|INTERNAL)$/.test(code);
    if (transient) throw new Error(message);
    throw new TransferError("service", message, {
      code,
      maxFiles: errors?.[0]?.extensions?.maxFiles,
    });
  }

  return {
    requestUploads: (input, withParts) => ask(REQUEST, { input, withParts }),
    signParts: async (id, parts) => {
      const upload = await ask<SignedUpload>(SIGN, { id, parts });
      return upload?.transfer?.parts ?? [];
    },
    received: (id) => ask(RECEIVED, { id }),
    complete: (ids) => ask(COMPLETE, { ids }),
    cancel: (id) => ask(CANCEL, { id }),
  };
}

type SignedUpload = {
  readonly transfer: { readonly parts: Awaited<ReturnType<TransferApi["signParts"]>> } | null;
} | null;

function codeOf({ errors }: Answer): string | undefined {
  return errors?.[0]?.extensions?.code;
}

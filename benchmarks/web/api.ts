/** The API as Uppy's page calls it: with plain fetch, so that no client library is measured. */
const TRANSFER = "partSize partCount";
const PART = "number offset size method url expiresAt headers { name value }";

let token = "";

export async function graphql(query: string, variables: object = {}): Promise<any> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(token !== "" && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

export function accessToken(): string {
  return token;
}

export function signInWith(accessToken: string): void {
  token = accessToken;
}

export async function signUp(username: string): Promise<string> {
  const { signUp } = await graphql(
    `
      mutation ($username: String!) {
        signUp(input: { username: $username, password: "hunter2 hunter3 hunter4" }) {
          ... on Session {
            accessToken
          }
          ... on UserError {
            message
          }
        }
      }
    `,
    { username },
  );
  if (signUp.accessToken === undefined) throw new Error(signUp.message);
  return signUp.accessToken;
}

export async function requestUploads(inputs: readonly object[], withParts: boolean) {
  const data = await graphql(
    `mutation ($inputs: [RequestUploadInput!]!, $withParts: Boolean!) {
      requestUploads(input: $inputs) {
        __typename
        ... on UploadTicket {
          created
          upload { id status transfer { ${TRANSFER} parts @include(if: $withParts) { ${PART} } } }
        }
        ... on UserError { code message }
      }
    }`,
    { inputs, withParts },
  );
  return data.requestUploads;
}

const RESULT = `
  __typename
  ... on Upload { id status }
  ... on UploadIncomplete { missingParts }
  ... on UserError { code message }`;

export async function completeMany(ids: readonly string[]) {
  const data = await graphql(
    `mutation ($ids: [ID!]!) { completeUploads(ids: $ids) { ${RESULT} } }`,
    { ids },
  );
  return data.completeUploads;
}

export async function deleteMany(ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += 100) {
    await graphql(`mutation ($ids: [ID!]!) { deleteUploads(ids: $ids) { __typename } }`, {
      ids: ids.slice(at, at + 100),
    });
  }
}

/** The API as both contenders call it: with plain fetch, so that no client library is measured. */
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

export async function signParts(id: string, parts: readonly object[]) {
  const data = await graphql(
    `query ($id: ID!, $parts: [PartInput!]) {
      upload(id: $id) { id transfer { parts(select: $parts) { ${PART} } } }
    }`,
    { id, parts },
  );
  return data.upload?.transfer?.parts ?? [];
}

export async function received(id: string) {
  const data = await graphql(
    `query ($id: ID!) {
      upload(id: $id) { id status size transfer { ${TRANSFER} received { number } } }
    }`,
    { id },
  );
  return data.upload;
}

const RESULT = `
  __typename
  ... on Upload { id status }
  ... on UploadIncomplete { missingParts }
  ... on UserError { code message }`;

export async function completeMany(ids: readonly string[]) {
  const fields = ids.map(
    (id, n) => `u${n}: completeUpload(id: ${JSON.stringify(id)}) { ${RESULT} }`,
  );
  const data = await graphql(`mutation { ${fields.join("\n")} }`);
  return ids.map((_, n) => data[`u${n}`]);
}

export async function deleteMany(ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += 25) {
    const fields = ids
      .slice(at, at + 25)
      .map((id, n) => `u${n}: deleteUpload(id: ${JSON.stringify(id)}) { __typename }`);
    await graphql(`mutation { ${fields.join("\n")} }`);
  }
}

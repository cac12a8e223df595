// Runs the application of docs/api.md against a service. test_api_guide.py compiles it beside the files of
// the guide, and fails if this script does.
import assert from "node:assert/strict";
import { client, signOut } from "./client.ts";
import { errorCode } from "./errors.ts";
import { downloadUrl } from "./download.ts";
import { watchUploads } from "./list.ts";
import { picture } from "./media.ts";
import { restore, trash } from "./trash.ts";
import { accessToken, dropAccessToken, login, signUp } from "./session.ts";
import { requestUpload, resume, upload, type Upload } from "./upload.ts";
import { gql } from "@apollo/client";

const MIB = 1024 * 1024;
const PASSWORD = "correct horse battery";

/** The response to the next request with such a body is lost. */
let loseResponse: ((body: string) => boolean) | undefined;
let refuseToken = false;
let refreshes = 0;
const sent: string[] = [];
let cookie: string | undefined;

// Adds what Node.js lacks: a cookie jar, and failures on demand.
const send = globalThis.fetch;
globalThis.fetch = async (input, init = {}) => {
  const body = typeof init.body === "string" ? init.body : "";
  const headers = new Headers(init.headers);
  if (body !== "" && cookie !== undefined) headers.set("cookie", cookie);
  if (body.includes("refreshSession")) refreshes += 1;
  if (refuseToken && headers.has("authorization")) {
    refuseToken = false;
    headers.set("authorization", "Bearer expired");
  }
  const response = await send(input, { ...init, headers });
  cookie = /^[\w-]*refresh_token[^;]*/.exec(response.headers.get("set-cookie") ?? "")?.[0] ?? cookie;
  if (init.method === "PUT") sent.push(String(input).split("?")[0]!);
  if (loseResponse?.(body) === true) {
    loseResponse = undefined;
    await response.arrayBuffer();
    throw new TypeError("fetch failed");
  }
  return response;
};
// Node.js 20 has no `navigator`.
if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: {} });
Math.random = () => 0; // The shortest waits.

interface FirstPart {
  upload: { transfer: { parts: { method: string; url: string; size: number }[] } };
}
const FIRST_PART = gql`
  query FirstPart($id: ID!) {
    upload(id: $id) {
      id
      transfer {
        parts(select: [{ number: 1 }]) {
          method
          url
          size
        }
      }
    }
  }
`;

const file = (name: string, size: number) =>
  new File([new Uint8Array(size).fill(size % 251)], name, { type: "text/plain" });

async function failure(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => assert.fail("it succeeded"),
    (error: unknown) => error as Error,
  );
}

async function accounts(): Promise<void> {
  assert.equal(await accessToken(), undefined);
  assert.match((await failure(signUp("ada", "short"))).message, /at least 8 characters/);
  await signUp("ada", PASSWORD);
  assert.match((await failure(login("ada", "wrong password"))).message, /password is wrong/);
  await login("Ada", PASSWORD);
  const first = await accessToken();
  dropAccessToken();
  refreshes = 0;
  const renewed = await Promise.all([accessToken(), accessToken()]);
  assert.equal(refreshes, 1);
  assert.equal(renewed[0], renewed[1]);
  assert.notEqual(renewed[0], first);
}

async function uploads(): Promise<void> {
  const small = await upload(file("small.txt", 15));
  assert.equal(small.status, "STORED");
  const url = await downloadUrl(small.id);
  assert.equal((await (await send(url!)).arrayBuffer()).byteLength, 15);

  // The session is renewed in the middle of a request.
  refuseToken = true;
  assert.equal((await upload(file("renewed.txt", 16))).status, "STORED");
  assert.equal(refuseToken, false);

  // Each response that is lost is asked for again, and nothing happens twice.
  for (const operation of ["requestUpload", "completeUpload", ""]) {
    loseResponse = (body) => (operation === "" ? body === "" : body.includes(operation));
    assert.equal((await upload(file(`lost-${operation}.txt`, 17))).status, "STORED");
    assert.equal(loseResponse, undefined);
  }
}

async function pictures(): Promise<void> {
  const text = await upload(file("text.txt", 19));
  const nothing = await picture(text.id);
  assert.deepEqual([nothing?.processing, nothing?.media, nothing?.rendition], ["NONE", null, null]);
  assert.equal(await picture("0199c0de-0000-7000-8000-000000000000"), null);

  const photo = new File(["a photo"], "photo.png", { type: "image/png" });
  const { id } = await upload(photo);
  const found = await picture(id); // The test stands in for the media function meanwhile.
  assert.equal(found?.processing, "DONE");
  assert.deepEqual([found.media?.width, found.media?.height, found.media?.hasLocation], [4000, 3000, false]);
  assert.equal(await (await send(found.rendition!.url)).text(), "a small picture");
  assert.equal((await trash([text.id, id])).size, 0); // The list below does not show them.
}

async function resuming(): Promise<void> {
  const large = file("large.bin", 17 * MIB);
  const pending: Upload = await requestUpload(large);
  assert.equal(pending.transfer?.partCount, 2);
  const { data } = await client.query<FirstPart>({
    query: FIRST_PART,
    variables: { id: pending.id },
  });
  const { method, url, size } = data!.upload.transfer.parts[0]!;
  assert.equal((await send(url, { method, body: large.slice(0, size) })).status, 200);
  assert.match((await failure(resume(pending.id, file("other.bin", 1)))).message, /another file/);
  sent.length = 0;
  assert.equal((await resume(pending.id, large)).status, "STORED");
  assert.equal(sent.length, 1);
}

async function trashing(): Promise<void> {
  const { id } = await upload(file("deleted.txt", 18));
  const unknown = "0199c0de-0000-7000-8000-000000000000";
  assert.equal((await trash([id])).size, 0);
  assert.notEqual(await downloadUrl(id), undefined);
  const failures = await restore([id, unknown]);
  assert.deepEqual([...failures], [[unknown, "There is no such upload."]]);
  assert.equal((await trash([id])).size, 0); // The list below does not show it.
}

async function lists(): Promise<void> {
  let shown: readonly string[] = [];
  const loadMore = watchUploads(4, (names) => {
    shown = names;
  });
  const shows = async (count: number) => {
    while (shown.length < count) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(shown.length, count);
  };
  await shows(4);
  assert.equal(await loadMore(), true);
  await shows(6);
  assert.equal(await loadMore(), false);
  assert.deepEqual([...shown].sort(), [
    "large.bin",
    "lost-.txt",
    "lost-completeUpload.txt",
    "lost-requestUpload.txt",
    "renewed.txt",
    "small.txt",
  ]);
}

async function refusals(): Promise<void> {
  assert.match((await failure(upload(file("huge.bin", 19 * MIB)))).message, /accepts at most/);
  assert.match((await failure(upload(file("big.bin", 18 * MIB)))).message, /bytes of your quota/);
  const wrong = await failure(
    client.query({
      query: gql`
        {
          nothing
        }
      `,
    }),
  );
  assert.equal(errorCode(wrong), "GRAPHQL_VALIDATION_FAILED");
  await signOut();
  assert.equal(await accessToken(), undefined);
  assert.equal(errorCode(await failure(upload(file("late.txt", 1)))), "UNAUTHENTICATED");
}

for (const step of [accounts, uploads, pictures, resuming, trashing, lists, refusals]) {
  await step();
  console.log(step.name);
}
process.exit(0); // Connections that are kept alive would hold the process for seconds.

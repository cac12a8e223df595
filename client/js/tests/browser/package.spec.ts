import type { Page } from "@playwright/test";
import type { createUploads, Uploads } from "../../src/index.ts";
import { sha256 } from "../../../web/tests/browser/support/files.ts";
import { expect, test } from "./support/test.ts";

interface QueuePage {
  uploads: Uploads;
}

const CREATE_KEY = `mutation {
  createApiKey(input: { name: "page", scope: UPLOAD }) { ... on ApiKeyCreated { token } }
}`;

/** Create a queue in a page that loads the package as it is, without a bundler. */
async function createQueue(page: Page, endpoint: string, token: string): Promise<void> {
  await page.evaluate(
    async ([url, secret]) => {
      const entry = "/node_modules/media-upload/dist/index.js";
      const module = (await import(entry)) as { createUploads: typeof createUploads };
      const uploads = module.createUploads({ endpoint: url, getToken: () => secret });
      Object.assign(window, { uploads });
    },
    [endpoint, token] as const,
  );
}

function add(page: Page, name: string, text: string): Promise<unknown> {
  return page.evaluate(
    ([filename, content]) => {
      const { uploads } = window as unknown as QueuePage;
      return uploads.add([new File([content], filename, { type: "text/plain" })]);
    },
    [name, text] as const,
  );
}

function first(page: Page) {
  return page.evaluate(() => {
    const item = (window as unknown as QueuePage).uploads.at(0);
    return { state: item?.state, problem: item?.problem?.message };
  });
}

test("a page without a bundler uploads with an API key of the scope UPLOAD", async ({
  page,
  api,
  site,
  stack,
  stored,
}) => {
  const { createApiKey } = (await api.ask(CREATE_KEY)) as { createApiKey: { token: string } };
  await page.goto(`${site.origin}/`);
  await createQueue(page, `${stack.url}/graphql`, createApiKey.token);
  await add(page, "notes.txt", "notes");
  await expect.poll(async () => (await first(page)).state).toBe("stored");
  const [file] = await stored();
  expect(file).toEqual({
    filename: "notes.txt",
    size: 5,
    status: "STORED",
    sha256: sha256(Buffer.from("notes")),
  });
});

test("a page whose origin is not in CORS_ORIGINS does not reach the service", async ({
  page,
  api,
  site,
  stack,
  stored,
}) => {
  await page.goto(`${site.origin.replace("127.0.0.1", "localhost")}/`);
  await createQueue(page, `${stack.url}/graphql`, api.token);
  await add(page, "notes.txt", "notes");
  await expect.poll(async () => (await first(page)).state).toBe("waiting");
  expect((await first(page)).problem).toBe("The service can't be reached. Trying again …");
  expect(await stored()).toEqual([]);
});

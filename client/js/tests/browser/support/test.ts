import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { Api } from "../../../../web/tests/browser/support/api.ts";
import { sha256 } from "../../../../web/tests/browser/support/files.ts";
import { Stack } from "../../../../web/tests/browser/support/stack.ts";
import {
  expect,
  PASSWORD,
  SETTINGS,
  test as base,
} from "../../../../web/tests/browser/support/test.ts";
import { CONSUMER } from "./consumer.ts";
import { Site } from "./site.ts";

export { arrived, partsOf } from "../../../../web/tests/browser/support/test.ts";
export { expect };

/** A file that the API lists. */
export interface Stored {
  readonly filename: string;
  readonly size: number;
  readonly status: string;
  /** Of the bytes in the bucket; undefined unless they are stored. */
  readonly sha256: string | undefined;
}

interface Fixtures {
  /** The API as the example's user. */
  readonly api: Api;
  /** Opens an example on another origin than the service's, and signs in. */
  readonly open: (example: string) => Promise<Page>;
  /** Returns what the API lists, by name. */
  readonly stored: () => Promise<Stored[]>;
}

export const test = base.extend<Fixtures, { site: Site }>({
  site: [
    async ({}, provide) => {
      const site = await Site.open(CONSUMER);
      await provide(site);
      await site.close();
    },
    { scope: "worker" },
  ],
  stack: [
    async ({ site }, provide) => {
      const stack = await Stack.start({ ...SETTINGS, CORS_ORIGINS: site.origin });
      await provide(stack);
      await stack.end();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  username: async ({}, provide) => provide(`user${randomUUID().slice(0, 8)}`),
  api: [
    async ({ stack, username }, provide) => {
      await provide(await Api.signUp(stack.url, username));
    },
    { auto: true },
  ],
  open: async ({ page, site, stack, username }, provide) => {
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    await provide(async (example) => {
      await page.goto(`${site.origin}/examples/${example}/?api=${stack.url}`);
      await signIn(page, username);
      return page;
    });
    expect(problems).toEqual([]);
  },
  stored: async ({ api }, provide) => provide(() => list(api)),
});

/** Fill in the form of an example. */
export async function signIn(page: Page, username: string): Promise<void> {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeHidden();
}

const LIST = "{ uploads(first: 100) { nodes { filename size status download { url } } } }";

async function list(api: Api): Promise<Stored[]> {
  const { uploads } = (await api.ask(LIST)) as {
    uploads: { nodes: (Stored & { readonly download: { readonly url: string } | null })[] };
  };
  const files = uploads.nodes.map(async ({ filename, size, status, download }) => {
    const response = download === null ? undefined : await fetch(download.url);
    const data = response === undefined ? undefined : Buffer.from(await response.arrayBuffer());
    return { filename, size, status, sha256: data && sha256(data) };
  });
  const found = await Promise.all(files);
  return found.sort((one, other) => one.filename.localeCompare(other.filename));
}

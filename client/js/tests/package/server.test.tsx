import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { ComponentType } from "react";
import { renderToString } from "react-dom/server";
import { beforeAll, expect, test } from "vitest";
import { PROJECT } from "./installed.ts";

const EXAMPLE = join(PROJECT, "examples/react");

beforeAll(async () => {
  await cp(join(import.meta.dirname, "../../examples/react"), EXAMPLE, { recursive: true });
});

async function load(path: string): Promise<Record<string, ComponentType>> {
  return (await import(/* @vite-ignore */ path)) as Record<string, ComponentType>;
}

test("the React example renders on a server: first its form, then an empty list", async () => {
  const { App } = await load(join(EXAMPLE, "src/App.tsx"));
  const { Uploader } = await load(join(EXAMPLE, "src/Uploader.tsx"));
  const entry = join(PROJECT, "node_modules/media-upload/dist/react.js");
  const { UploadsProvider } = (await import(/* @vite-ignore */ entry)) as {
    UploadsProvider: ComponentType<Record<string, unknown>>;
  };
  if (App === undefined || Uploader === undefined) throw new Error("The example has changed.");
  expect(renderToString(<App />)).toContain("Sign in");
  const list = renderToString(
    <UploadsProvider endpoint="https://media.example.com/graphql" getToken={() => "token"}>
      <Uploader />
    </UploadsProvider>,
  );
  expect(list.replaceAll("<!-- -->", "")).toContain("0 of 0 files stored, 0 %");
});

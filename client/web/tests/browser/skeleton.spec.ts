import type { Locator } from "@playwright/test";
import { Api } from "./support/api.ts";
import { gate } from "./support/gate.ts";
import { expect, test } from "./support/test.ts";

const FILES = 60;

async function boxOf(element: Locator) {
  const box = await element.boundingBox();
  return box && Object.values(box).map(Math.round);
}

for (const [view, files] of [
  ["grid", ".card"],
  ["list", ".table tbody tr"],
] as const) {
  for (const width of [1280, 880, 390]) {
    test(`the ${view} has the places of its files before they arrive, at ${width} pixels`, async ({
      member,
      baseURL,
      username,
    }) => {
      const api = await Api.logIn(baseURL ?? "", username);
      await api.request(
        Array.from({ length: FILES }, (_, index) => ({ filename: `${index}.txt`, size: 5 })),
      );
      await member.setViewportSize({ width, height: 800 });
      await member.evaluate((view) => localStorage.setItem("media.view", view), view);
      const { opened: released, open: release } = gate();
      await member.route("**/graphql", async (route) => {
        if (route.request().postData()?.includes("query UploadsQuery")) await released;
        await route.fallback();
      });
      await member.goto("/library");
      const skeleton = member.getByRole("status", { name: "Loading the library" });
      const boxes = skeleton.locator("li");
      await expect(boxes.first()).toBeAttached();
      const first = await boxOf(boxes.first());
      const second = await boxOf(boxes.nth(1));
      release();
      await expect(member.locator(files).nth(1)).toBeVisible();
      await expect(skeleton).toHaveCount(0);
      expect(await boxOf(member.locator(files).first())).toEqual(first);
      expect(await boxOf(member.locator(files).nth(1))).toEqual(second);
    });
  }
}

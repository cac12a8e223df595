import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const SRC = new URL("../../src/", import.meta.url).pathname;
/** This animation runs until the content has loaded. */
const ENDLESS = "shimmer";

it("all motion takes 150 to 200 ms", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" });
  const styles = files.filter((file) => file.endsWith(".css"));
  const motions = styles.flatMap((file) => {
    const css = readFileSync(join(SRC, file), "utf8");
    return [...css.matchAll(/\b(?:transition|animation):([^;]+);/g)].flatMap(([, value = ""]) =>
      value.split(",").filter((motion) => !motion.includes(ENDLESS)),
    );
  });
  expect(motions.length).toBeGreaterThan(10);
  // The first time is the duration; a second one would be the delay.
  const seconds = motions.map((motion) => Number(/\b(\d*\.?\d+)s\b/.exec(motion)?.[1]));
  expect(seconds.filter((duration) => !(duration >= 0.15 && duration <= 0.2))).toEqual([]);
});

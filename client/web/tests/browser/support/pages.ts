import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { expect } from "./test.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; target: string[]; failureSummary?: string }[];
}

/** Selectors of elements to ignore, by axe rule. */
type Known = Readonly<Record<string, string>>;

/** Take screenshots of the page in both schemes and sizes, and check each scheme with axe. */
export async function check(page: Page, name: string, known: Known = {}): Promise<void> {
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.waitForFunction(() =>
        document.getAnimations().every((a) => a.playState !== "running"),
      );
      await page.screenshot({ path: `screenshots/${name}-${scheme}-${size}.png` });
      const scroll = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(scroll, `${name} is wider than a ${size}`).toBeLessThanOrEqual(0);
    }
    expect(await violations(page, known), `${name} in ${scheme}`).toEqual([]);
  }
}

async function violations(page: Page, known: Known): Promise<string[]> {
  await page.evaluate(AXE); // Injected by the debugger: the page's CSP blocks other scripts.
  const found = await page.evaluate(async (left) => {
    const { axe } = globalThis as unknown as {
      axe: { run(within: Node, options: object): Promise<{ violations: Violation[] }> };
    };
    // Behind a dialog, the page is inert, and was checked without it.
    const within = document.querySelector("dialog[open]") ?? document;
    const { violations } = await axe.run(within, { resultTypes: ["violations"] });
    for (const violation of violations) {
      const known = left[violation.id];
      violation.nodes = violation.nodes.filter(({ target: [selector = ""] }) => {
        return known === undefined || !document.querySelector(selector)?.closest(known);
      });
    }
    return violations;
  }, known);
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ""}`,
      ),
    );
}

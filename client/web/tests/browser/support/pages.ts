import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect } from "./test.ts";

const SCREENSHOTS = join(import.meta.dirname, "../../../screenshots");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const SMALL_PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 800 };
/** What a window of 1280 × 720 pixels has at a zoom of 200 %. */
const ZOOMED = { width: 640, height: 360 };
/** In narrower windows, all controls must be reachable; in wider ones, other tests click them. */
const NARROW_PX = 700;

/** The rules that depend on the scheme. All others give the same result in both. */
const COLOR_RULES = ["color-contrast", "link-in-text-block"];

interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; target: string[]; failureSummary?: string }[];
}

/** Selectors of elements to ignore, by axe rule. */
type Known = Readonly<Record<string, string>>;

/** Check the page in both schemes and sizes, each scheme with axe; takes screenshots on demand. */
export async function check(page: Page, name: string, known: Known = {}): Promise<void> {
  const viewports = { phone: SMALL_PHONE, zoomed: ZOOMED, desktop: DESKTOP };
  await checkIn(page, name, viewports, ["light", "dark"], known);
}

interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** Check the page in these schemes and sizes, each scheme with axe. SCREENSHOTS=1 takes screenshots. */
export async function checkIn(
  page: Page,
  name: string,
  viewports: Readonly<Record<string, Viewport>>,
  schemes: readonly ("light" | "dark")[],
  known: Known = {},
): Promise<void> {
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const [size, viewport] of Object.entries(viewports)) {
      // Colours do not depend on the zoom.
      if (viewport === ZOOMED && scheme !== schemes[0]) continue;
      await page.setViewportSize(viewport);
      await page.waitForFunction(() =>
        document.getAnimations().every((a) => a.playState !== "running"),
      );
      if (process.env["SCREENSHOTS"] !== undefined) {
        await page.screenshot({ path: join(SCREENSHOTS, `${name}-${scheme}-${size}.png`) });
      }
      // From right to left, what is too wide sticks out to the left, where `scrollWidth` counts it, too.
      const scroll = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(scroll, `${name} is wider than a ${size}`).toBeLessThanOrEqual(0);
      if (scheme !== schemes[0] || viewport.width > NARROW_PX) continue;
      expect(await unreachable(page), `${name}, ${size}: covered or cut off`).toEqual([]);
    }
    const found = await violations(page, known, scheme === "dark" ? COLOR_RULES : undefined);
    expect(found, `${name} in ${scheme}`).toEqual([]);
  }
}

/** Return the controls that a pointer can't reach, even after the page is scrolled to them. */
function unreachable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const within = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document;
    const controls = within.querySelectorAll<HTMLElement>(
      "a[href], button, input, select, textarea",
    );
    const place = window.scrollY;
    /** Scroll to an element; returns undefined if it is reached, or what covers it. */
    const cover = (target: Element, block: ScrollLogicalPosition) => {
      target.scrollIntoView({ block, inline: "center", behavior: "instant" });
      // A link in a text may continue on the next line.
      const [box = target.getBoundingClientRect()] = target.getClientRects();
      const { x, y, width, height } = box;
      if (width <= 1 || height <= 1) return undefined; // Only for screen readers.
      const hit = document.elementFromPoint(x + width / 2, y + height / 2);
      if (hit !== null && target.contains(hit)) return undefined;
      // These cover other parts of the page until the user closes them.
      if (hit?.closest(".tray, .zips, .notices, .details-beside, .menu-panel") != null)
        return undefined;
      return hit?.outerHTML.slice(0, 80) ?? "nothing";
    };
    const found = [...controls].flatMap((control) => {
      // Labels stand for the radio buttons and checkboxes that they hide.
      const target = control.closest("label") ?? control;
      // The link that skips the navigation is outside the window until it has the focus.
      if (!target.checkVisibility({ visibilityProperty: true }) || target.matches(".skip"))
        return [];
      // A bar at an edge of the window covers what is there, until the user scrolls on.
      const covers = (["center", "start", "end"] as const).map((block) => cover(target, block));
      if (covers.includes(undefined)) return [];
      return [`${target.outerHTML.slice(0, 120)} behind ${covers[0] ?? ""}`];
    });
    window.scrollTo({ top: place, behavior: "instant" });
    return found;
  });
}

async function violations(page: Page, known: Known, runOnly?: readonly string[]) {
  await page.evaluate(AXE); // Injected by the debugger: the page's CSP blocks other scripts.
  const found = await page.evaluate(
    async ([left, rules]) => {
      const { axe } = globalThis as unknown as {
        axe: { run(within: Node, options: object): Promise<{ violations: Violation[] }> };
      };
      // Behind a dialog, the page is inert, and was checked without it.
      const within = document.querySelector("dialog[open]") ?? document;
      const { violations } = await axe.run(within, {
        resultTypes: ["violations"],
        ...(rules !== undefined && { runOnly: rules }),
      });
      for (const violation of violations) {
        const known = left[violation.id];
        violation.nodes = violation.nodes.filter(({ target: [selector = ""] }) => {
          return known === undefined || !document.querySelector(selector)?.closest(known);
        });
      }
      return violations;
    },
    [known, runOnly] as const,
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ""}`,
      ),
    );
}

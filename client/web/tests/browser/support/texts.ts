import type { Page } from "@playwright/test";

/**
 * Return what a page shows or says in plain Latin letters: visible texts, the labels of elements and
 * the page's title. The texts of the pseudo-locale have none, and what matches `known` is left out.
 */
export async function plainTexts(page: Page, known: readonly RegExp[]): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (
        element?.checkVisibility() !== true ||
        element.closest("script, style, noscript") !== null
      )
        continue;
      found.push(node.textContent ?? "");
    }
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
      for (const element of document.body.querySelectorAll(`[${name}]`)) {
        if (element.checkVisibility()) found.push(element.getAttribute(name) ?? "");
      }
    }
    return found;
  });
  const rest = texts.map((text) => known.reduce((left, each) => left.replace(each, ""), text));
  return rest.filter((text) => /[A-Za-z]{2}/.test(text));
}

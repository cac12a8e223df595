const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  upload: "M12 16V5m0 0L7.5 9.5M12 5l4.5 4.5M5 19h14",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warning: "M12 4L2.5 20h19zM12 10v4.5M12 17.5h.01",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  resume: "M8 5l11 7-11 7z",
  cancel: "M6 6l12 12M18 6L6 18",
} as const;

export type IconName = keyof typeof PATHS;

interface Names {
  /** The class. */
  readonly name?: string;
  /** The CSS part. Default: as the class. */
  readonly part?: string;
}

/** Create an element with a class, a part and children; texts are never parsed as HTML. */
export function build<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { name = "", part = name }: Names = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  node.className = name;
  if (part !== "") node.setAttribute("part", part);
  node.append(...children);
  return node;
}

export function button(
  name: string,
  part: string,
  onClick: () => void,
  ...children: (Node | string)[]
): HTMLButtonElement {
  const node = build("button", { name, part }, ...children);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

/** Return a slot, whose own text is shown if the page fills it with nothing. */
export function slot(name: string): HTMLSlotElement {
  const node = document.createElement("slot");
  node.name = name;
  return node;
}

/** Return an element for text whose direction may differ from the page's, and its container. */
export function isolated(names: Names): [text: HTMLElement, around: HTMLElement] {
  const text = document.createElement("bdi");
  return [text, build("span", names, text)];
}

export function progressBar(): HTMLProgressElement {
  const node = build("progress", { part: "progress" });
  node.max = 1;
  return node;
}

/** Return a decorative icon; the text beside it, or the label around it, has the meaning. */
export function icon(name: IconName): SVGSVGElement {
  const node = document.createElementNS(SVG, "svg");
  node.append(document.createElementNS(SVG, "path"));
  node.setAttribute("viewBox", "0 0 24 24");
  node.setAttribute("aria-hidden", "true");
  draw(node, name);
  return node;
}

/** Let an icon show something else. */
export function draw(node: SVGSVGElement, name: IconName): void {
  node.firstElementChild?.setAttribute("d", PATHS[name]);
}

/** Set a text, unless it is there: screen readers and the layout notice each write. */
export function write(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

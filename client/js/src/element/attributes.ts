/** The attributes, each of which is a property too. */
const TEXTS = ["endpoint", "user", "name", "accept", "tags"] as const;
const FLAGS = ["multiple", "directory", "required", "disabled"] as const;
const NUMBERS = ["max", "max-bytes"] as const;

export const ATTRIBUTES: readonly string[] = [...TEXTS, ...FLAGS, ...NUMBERS];
export const PROPERTIES: readonly string[] = ATTRIBUTES.map(propertyOf);

/** Give a class the properties that reflect its attributes. */
export function reflect(prototype: HTMLElement): void {
  for (const name of ATTRIBUTES) {
    const isFlag = (FLAGS as readonly string[]).includes(name);
    const isNumber = (NUMBERS as readonly string[]).includes(name);
    Object.defineProperty(prototype, propertyOf(name), {
      configurable: true,
      enumerable: true,
      get(this: HTMLElement) {
        const value = this.getAttribute(name);
        if (isFlag) return value !== null;
        return isNumber ? Number(value ?? Infinity) : (value ?? "");
      },
      set(this: HTMLElement, value: string | number | boolean | null | undefined) {
        if (isFlag) this.toggleAttribute(name, Boolean(value));
        else if (value == null || value === Infinity) this.removeAttribute(name);
        else this.setAttribute(name, String(value));
      },
    });
  }
}

function propertyOf(attribute: string): string {
  return attribute.replace("-b", "B");
}

/** The languages other than English, by tag: see messages.ts beside vite.config.ts. */
declare module "virtual:languages" {
  import type { Part } from "./t.ts";

  interface Catalogue {
    readonly direction: "ltr" | "rtl";
    readonly messages: Readonly<Record<string | number, readonly Part[]>>;
  }
  export const languages: Readonly<Record<string, () => Promise<Catalogue>>>;
}

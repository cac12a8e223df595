import { deleteMany, signInWith, signUp } from "./api.ts";
import { sendWithEngine } from "./ours.ts";
import { sendWithUppy } from "./uppy.ts";

/** The functions that the benchmark calls in the page. */
const bench = {
  signUp,
  /** Send the input's files. Resolves to the uploads' ids and the milliseconds that this took. */
  async measure(
    contender: "engine" | "uppy",
    token: string,
  ): Promise<{ ms: number; ids: string[] }> {
    signInWith(token);
    const files = [...(document.querySelector("input")?.files ?? [])];
    const send = contender === "engine" ? sendWithEngine : sendWithUppy;
    const began = performance.now();
    const ids = await send(files);
    return { ms: performance.now() - began, ids };
  },
  deleteMany,
};
export type Bench = typeof bench;
Object.assign(globalThis, { bench });

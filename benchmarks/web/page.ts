import { deleteMany, signInWith, signUp } from "./api.ts";
import { sendWithEngine } from "./ours.ts";
import { sendWithUppy } from "./uppy.ts";

/** The functions that the benchmark calls in the page. */
const bench = {
  signUp,
  /**
   * Send the input's files. Resolves to the uploads' ids, the milliseconds that this took, the
   * longest task of the main thread in milliseconds, the largest heap in bytes, and the time at
   * which it began in milliseconds since the epoch.
   */
  async measure(contender: "engine" | "uppy", token: string): Promise<Measured> {
    signInWith(token);
    const files = [...(document.querySelector("input")?.files ?? [])];
    const send = contender === "engine" ? sendWithEngine : sendWithUppy;
    const stop = watchPage();
    const beganAt = Date.now();
    const began = performance.now();
    const ids = await send(files);
    return { ms: performance.now() - began, beganAt, ids, ...stop() };
  },
  async deleteMany(ids: readonly string[], token: string): Promise<void> {
    signInWith(token);
    await deleteMany(ids);
  },
};
interface Measured extends Watched {
  readonly ms: number;
  readonly beganAt: number;
  readonly ids: string[];
}

interface Watched {
  readonly longestTaskMs: number;
  readonly heapBytes: number;
}

/** Watch the main thread and the heap. Returns a function that stops, and returns what was seen. */
function watchPage(): () => Watched {
  let longestTaskMs = 0;
  let heapBytes = 0;
  const tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration);
  });
  tasks.observe({ type: "longtask" });
  const look = () => {
    const { memory } = performance as Performance & { memory?: { usedJSHeapSize: number } };
    heapBytes = Math.max(heapBytes, memory?.usedJSHeapSize ?? 0);
  };
  const timer = setInterval(look, 250);
  return () => {
    look();
    clearInterval(timer);
    tasks.disconnect();
    return { longestTaskMs, heapBytes };
  };
}

export type Bench = typeof bench;
Object.assign(globalThis, { bench });

import type { Queue } from "./useQueue.ts";

/** Signing out waits at most this long for the queue's code. */
const UNFINISHED_MAX_MS = 5000;

/** A queue whose calls wait for another one. */
export interface ExpectedQueue {
  readonly queue: Queue;
  /** Pass on all calls, including earlier ones. */
  readonly arrive: (queue: Queue) => void;
}

/**
 * Return a queue that stands in for the user's until its code is loaded. It knows no uploads. Each
 * call that needs the user's queue calls `load`.
 */
export function expectedQueue(load: () => void): ExpectedQueue {
  let arrive: (queue: Queue) => void = () => undefined;
  const arrival = new Promise<Queue>((resolve) => {
    arrive = resolve;
  });
  const arrived = () => {
    load();
    return arrival;
  };
  return {
    arrive: (queue) => arrive(queue),
    queue: {
      add: async (files, options) => {
        // Pages empty their inputs, and with them the list of files, while the files wait.
        const copy = [...files];
        return (await arrived()).add(copy, options);
      },
      cancel: async (id) => (await arrived()).cancel(id),
      unfinished: () =>
        Promise.race([
          arrived().then((queue) => queue.unfinished()),
          new Promise<number>((resolve) => setTimeout(() => resolve(0), UNFINISHED_MAX_MS)),
        ]),
      subscribe: () => () => undefined,
      progressOf: () => undefined,
    },
  };
}

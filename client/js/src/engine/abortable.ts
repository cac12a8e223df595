/**
 * Return a promise that rejects with the signal's reason when the signal aborts. `begin` starts the
 * work and returns the function that ends it early.
 */
export function abortable<T>(
  signal: AbortSignal,
  begin: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const settle =
      <V>(done: (value: V) => void) =>
      (value: V) => {
        signal.removeEventListener("abort", abort);
        done(value);
      };
    let undo: (() => void) | undefined = undefined;
    const abort = () => {
      undo?.();
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", abort, { once: true });
    undo = begin(settle(resolve), settle(reject));
  });
}

export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return abortable(signal, (resolve) => {
    const timer = setTimeout(resolve, ms);
    return () => clearTimeout(timer);
  });
}

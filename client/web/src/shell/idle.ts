/** The first load is over once nothing has arrived for this time. */
const QUIET_MS = 1000;
/** A page that never becomes quiet or idle loads the rest after this time. */
const QUIET_MAX_MS = 5000;
const IDLE_MAX_MS = 3000;
const RETRY_MS = 3000;

/**
 * Call `work` once the page has loaded what it shows and has nothing else to do: a page that waits
 * for a response is idle, too, but needs the connection. Returns a function that prevents the call.
 */
export function whenIdle(work: () => void): () => void {
  let stop = whenQuiet(() => {
    // Safari has no requestIdleCallback.
    const { requestIdleCallback, cancelIdleCallback } = window as Partial<Window>;
    if (requestIdleCallback === undefined || cancelIdleCallback === undefined) {
      work();
      return;
    }
    const id = requestIdleCallback(work, { timeout: IDLE_MAX_MS });
    stop = () => cancelIdleCallback(id);
  });
  return () => stop();
}

function whenQuiet(work: () => void): () => void {
  let timer = setTimeout(end, QUIET_MS);
  const latest = setTimeout(end, QUIET_MAX_MS);
  const arrivals = new PerformanceObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(end, QUIET_MS);
  });
  arrivals.observe({ type: "resource" });
  function stop() {
    arrivals.disconnect();
    clearTimeout(timer);
    clearTimeout(latest);
  }
  function end() {
    stop();
    work();
  }
  return stop;
}

/** Load a module, however often it takes: the connection may be gone for a while. */
export async function loadEventually<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

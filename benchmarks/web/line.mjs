import net from "node:net";

/** Matches the start of a request, which is the start of a chunk: browsers don't pipeline. */
const REQUEST = /^(GET|HEAD|PUT|POST|DELETE|OPTIONS) \S+ HTTP\/1\.1\r\n/;

/**
 * A TCP proxy that simulates a long network path. Data arrives half a round trip later, and a new
 * connection takes one round trip to open, as in TCP. The window is the maximum number of
 * unacknowledged bytes per connection, which limits each connection to window / round trip; the
 * total of all connections is not limited.
 */
export async function createLine({ roundTripMs, windowBytes = Number.POSITIVE_INFINITY }) {
  const requests = new Map();
  let firstPutAt;
  let target;
  const server = net.createServer({ noDelay: true }, (client) => {
    const origin = net.connect({ port: target, host: "127.0.0.1", noDelay: true });
    const halfMs = roundTripMs / 2;
    carry(
      client,
      origin,
      { halfMs, openAt: performance.now() + roundTripMs, windowBytes },
      (chunk) => {
        const method = REQUEST.exec(chunk.toString("latin1", 0, 2048))?.[1];
        if (method !== undefined) requests.set(method, (requests.get(method) ?? 0) + 1);
        if (method === "PUT") firstPutAt ??= Date.now();
      },
    );
    carry(origin, client, { halfMs, openAt: 0, windowBytes: Number.POSITIVE_INFINITY });
    for (const [side, other] of [
      [client, origin],
      [origin, client],
    ]) {
      side.on("error", () => other.destroy());
      side.on("close", () => other.destroy());
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: server.address().port,
    connect: (port) => {
      target = port;
    },
    /**
     * Return the number of requests since the last call, by method, and the time of the first PUT
     * in milliseconds since the epoch, before its half of the round trip.
     */
    takeRequests: () => {
      const taken = { ...Object.fromEntries(requests), firstPutAt };
      requests.clear();
      firstPutAt = undefined;
      return taken;
    },
    close: () => server.close(),
  };
}

/** Forward data from one socket to the other with the delay and the window; `inspect` sees it. */
function carry(from, to, { halfMs, openAt, windowBytes }, inspect = () => undefined) {
  // Without a window, buffer at most 64 MiB.
  const limit = Math.min(windowBytes, 64 * 2 ** 20);
  const inFlight = [];
  let bytes = 0;
  let timer;
  const unread = [];
  const acknowledge = () => {
    const read = unread.splice(0).reduce((sum, length) => sum + length, 0);
    setTimeout(() => {
      bytes -= read;
      if (bytes < limit) from.resume();
    }, halfMs);
  };
  to.on("drain", acknowledge);
  const schedule = () => {
    timer = setTimeout(deliver, Math.max(0, inFlight[0].at - performance.now()));
  };
  const deliver = () => {
    timer = undefined;
    const now = performance.now();
    while (inFlight.length > 0 && inFlight[0].at <= now) {
      const { chunk } = inFlight.shift();
      if (chunk === undefined) to.end();
      else if (!to.destroyed) {
        unread.push(chunk.length);
        // The receiver acknowledges bytes only after its application has read them.
        if (to.write(chunk)) acknowledge();
      }
    }
    if (inFlight.length > 0) schedule();
  };
  const send = (chunk) => {
    inFlight.push({ chunk, at: Math.max(performance.now(), openAt) + halfMs });
    if (timer === undefined) schedule();
  };
  from.on("data", (chunk) => {
    inspect(chunk);
    bytes += chunk.length;
    if (bytes >= limit) from.pause();
    send(chunk);
  });
  from.on("end", () => send(undefined));
  from.on("close", () => clearTimeout(timer));
}

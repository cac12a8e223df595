import net from "node:net";

/** Requests begin at the beginning of a chunk: browsers don't pipeline. */
const REQUEST = /^(GET|HEAD|PUT|POST|DELETE|OPTIONS) \S+ HTTP\/1\.1\r\n/;

/**
 * A long line: what goes over a connection arrives half a round trip later, and a new connection
 * costs a round trip before it carries anything, as in TCP. With a window, so many bytes at most
 * are on their way without being acknowledged, which limits a connection to window / round trip;
 * all connections together are not limited.
 */
export async function createLine({ roundTripMs, windowBytes = Number.POSITIVE_INFINITY }) {
  const requests = new Map();
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
    /** How many requests went by since the last call, by method. */
    takeRequests: () => {
      const taken = Object.fromEntries(requests);
      requests.clear();
      return taken;
    },
    close: () => server.close(),
  };
}

function carry(from, to, { halfMs, openAt, windowBytes }, look = () => undefined) {
  // Without a window, memory is the limit.
  const limit = Math.min(windowBytes, 64 * 2 ** 20);
  const under = [];
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
  const deliver = () => {
    timer = undefined;
    const now = performance.now();
    while (under.length > 0 && under[0].at <= now) {
      const { chunk } = under.shift();
      if (chunk === undefined) to.end();
      else if (!to.destroyed) {
        unread.push(chunk.length);
        // The receiver's window is closed until its application has read.
        if (to.write(chunk)) acknowledge();
      }
    }
    if (under.length > 0) timer = setTimeout(deliver, Math.max(0, under[0].at - performance.now()));
  };
  const send = (chunk) => {
    under.push({ chunk, at: Math.max(performance.now(), openAt) + halfMs });
    timer ??= setTimeout(deliver, Math.max(0, under[0].at - performance.now()));
  };
  from.on("data", (chunk) => {
    look(chunk);
    bytes += chunk.length;
    if (bytes >= limit) from.pause();
    send(chunk);
  });
  from.on("end", () => send(undefined));
  from.on("close", () => clearTimeout(timer));
}

import { once } from "node:events";
import {
  createServer,
  request,
  type ClientRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { gate } from "./gate.ts";

/** A PUT to the bucket that passed through the proxy. */
export interface Sent {
  /** The upload's id and the part's number, which is 1 for a file sent in a single PUT. */
  readonly uploadId: string;
  readonly part: number;
  bytes: number;
  /** The status of the bucket's response; undefined before it arrives. */
  status: number | undefined;
}

/** A GET of an object in the bucket that passed through the proxy. */
export interface Fetched {
  /** The object's key, with the bucket's name before it. */
  readonly path: string;
  bytes: number;
}

/**
 * The browser's network connection: an HTTP proxy for all requests, to the API and to the bucket.
 * It records them, and tests make it delay, reject or drop them.
 */
export class Line {
  readonly sent: Sent[] = [];
  readonly fetched: Fetched[] = [];
  /** The names of the GraphQL operations that passed through. */
  readonly operations: string[] = [];
  /** Called and awaited before a PUT is forwarded. */
  beforePut: ((sent: Sent) => Promise<void> | void) | undefined;
  /** The response to every PUT instead of the bucket's. */
  refusal: { readonly status: number; readonly code: string } | undefined;
  /** How many bytes of all PUTs together pass per second. */
  bytesPerSecond = Number.POSITIVE_INFINITY;
  #freeAt = 0;
  /** How many requests are under way. */
  inFlight = 0;
  /** Whether to drop the connections of requests to the API. */
  serviceDown = false;
  /** The operation whose next response is dropped. */
  loseResponseOf: string | undefined;
  /** The number of bytes after which the connection of the next GET of a file is dropped. */
  cutAfterBytes: number | undefined;
  /** Changes the response to an operation. */
  rewrite: ((operation: string, body: string) => string) | undefined;
  static #opened = 0;
  /** The address that the service sees. Each line has its own: sign-ups are limited per address. */
  readonly #localAddress = `127.0.1.${++Line.#opened}`;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => void this.#pass(incoming, outgoing));
  }

  static async open(): Promise<Line> {
    const line = new Line();
    line.#server.listen(0, "127.0.0.1");
    await once(line.#server, "listening");
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Hold back parts from number `from` on. Returns a function that releases them. */
  hold(from: number): () => void {
    const { opened: released, open: release } = gate();
    this.beforePut = ({ part }) => (part >= from ? released : undefined);
    return () => {
      this.beforePut = undefined;
      release();
    };
  }

  /** Send JSON as a client on this line, without a browser; returns the cookie of the response. */
  async post(url: string, body: object): Promise<string> {
    const headers = { "content-type": "application/json" };
    const onward = request(url, { method: "POST", headers, localAddress: this.#localAddress });
    onward.end(JSON.stringify(body));
    const [answer] = (await once(onward, "response")) as [IncomingMessage];
    const [cookie] = answer.headers["set-cookie"] ?? [];
    if (cookie === undefined) throw new Error(Buffer.concat(await answer.toArray()).toString());
    answer.resume();
    return cookie;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.inFlight += 1;
    outgoing.on("close", () => (this.inFlight -= 1));
    const url = new URL(incoming.url ?? "");
    const put = incoming.method === "PUT" ? this.#note(url) : undefined;
    if (this.serviceDown && url.pathname === "/graphql") {
      outgoing.destroy();
      return;
    }
    if (this.refusal !== undefined && put !== undefined) {
      const { status, code } = this.refusal;
      outgoing.writeHead(status, { "access-control-allow-origin": "*", connection: "close" });
      outgoing.end(`<Error><Code>${code}</Code></Error>`);
      return;
    }
    try {
      if (put !== undefined) await this.beforePut?.(put);
      if (incoming.destroyed) throw new Error("The browser closed the connection.");
      const headers = { ...incoming.headers, connection: "close" };
      const localAddress = this.#localAddress;
      const onward = request(url, { method: incoming.method, headers, localAddress });
      const answered = once(onward, "response") as Promise<[IncomingMessage]>;
      answered.catch(() => undefined);
      // An error may come after the response, or when nothing waits for one.
      onward.on("error", () => outgoing.destroy());
      incoming.on("close", () => {
        if (!incoming.complete) onward.destroy();
      });
      const operation: Buffer[] = [];
      for await (const chunk of incoming as AsyncIterable<Buffer>) {
        if (put === undefined) operation.push(chunk);
        else {
          await this.#carry(chunk.length);
          put.bytes += chunk.length;
        }
        if (!onward.write(chunk)) await drained(onward, outgoing);
      }
      onward.end();
      const name = nameOf(Buffer.concat(operation));
      if (name !== undefined) this.operations.push(name);
      const [answer] = await answered;
      if (name !== undefined && name === this.loseResponseOf) {
        this.loseResponseOf = undefined;
        throw new Error("The response was dropped.");
      }
      if (put !== undefined) put.status = answer.statusCode;
      if (incoming.method === "GET" && url.searchParams.has("X-Amz-Signature")) {
        const fetched = { path: url.pathname, bytes: 0 };
        this.fetched.push(fetched);
        answer.on("data", (data: Buffer) => (fetched.bytes += data.length));
      }
      if (name !== undefined && this.rewrite !== undefined) {
        const body = this.rewrite(name, Buffer.concat(await answer.toArray()).toString());
        const length = Buffer.byteLength(body);
        outgoing.writeHead(answer.statusCode ?? 502, {
          ...answer.headers,
          "content-length": length,
        });
        outgoing.end(body);
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      const most = this.cutAfterBytes;
      if (most !== undefined && url.pathname.includes("/uploads/")) {
        this.cutAfterBytes = undefined;
        cutAfter(most, answer, outgoing);
        return;
      }
      answer.pipe(outgoing);
    } catch {
      outgoing.destroy(); // One end closed its connection, so close the other one.
    }
  }

  /** Wait for as long as the line is busy with these bytes. */
  async #carry(bytes: number): Promise<void> {
    if (this.bytesPerSecond === Number.POSITIVE_INFINITY) return;
    const now = Date.now();
    this.#freeAt = Math.max(this.#freeAt, now) + (bytes / this.bytesPerSecond) * 1000;
    await new Promise((resolve) => setTimeout(resolve, this.#freeAt - now));
  }

  #note(url: URL): Sent {
    const sent: Sent = {
      uploadId: url.pathname.split("/").at(-1) ?? "",
      part: Number(url.searchParams.get("partNumber") ?? 1),
      bytes: 0,
      status: undefined,
    };
    this.sent.push(sent);
    return sent;
  }
}

/** Pass on this many bytes at least, and then drop the connection. */
function cutAfter(most: number, answer: IncomingMessage, outgoing: ServerResponse): void {
  let passed = 0;
  answer.on("data", (data: Buffer) => {
    if (passed >= most) return;
    passed += data.length;
    outgoing.write(data);
    if (passed >= most) setTimeout(() => outgoing.destroy(), 50); // They arrive before it ends.
  });
}

/** Wait until more can be written, or the browser's connection is closed. */
function drained(onward: ClientRequest, outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      onward.off("drain", done).off("response", done);
      outgoing.off("close", done);
      resolve();
    };
    onward.on("drain", done).on("response", done);
    outgoing.on("close", done);
  });
}

/** Return the name of a GraphQL operation; undefined if the body contains none. */
function nameOf(body: Buffer): string | undefined {
  return /\b(?:query|mutation) (\w+)/.exec(body.toString())?.[1];
}

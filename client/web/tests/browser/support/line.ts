import { once } from "node:events";
import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A PUT to the bucket, as it came by. */
export interface Sent {
  /** The upload's id and the part's number; number 1 where the file is a single part. */
  readonly uploadId: string;
  readonly part: number;
  bytes: number;
  /** The bucket's answer; undefined while there is none. */
  status: number | undefined;
}

/**
 * The browser's line: an HTTP proxy for everything it sends, to the API and to the bucket. It
 * counts, and where a test wants it the line holds back what is sent, or finds no service.
 */
export class Line {
  readonly sent: Sent[] = [];
  /** Names of the GraphQL operations that came by. */
  readonly operations: string[] = [];
  /** Called before a PUT is passed on; what it returns is waited for. */
  beforePut: ((sent: Sent) => Promise<void> | void) | undefined;
  /** Whether the bucket refuses what is sent, for good. */
  refused = false;
  /** Whether requests to the API find nobody there. */
  serviceGone = false;
  /** The operation whose next answer is lost on its way. */
  answerLost: string | undefined;
  static #opened = 0;
  /** What the service sees, which allows an address only so many accounts: each line has its own. */
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

  /** Hold back every part from this one on, until the function that this returns is called. */
  hold(from: number): () => void {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.beforePut = ({ part }) => (part >= from ? released : undefined);
    return () => {
      this.beforePut = undefined;
      release();
    };
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "");
    const put = incoming.method === "PUT" ? this.#note(url) : undefined;
    if (this.serviceGone && url.pathname === "/graphql") {
      outgoing.destroy();
      return;
    }
    if (this.refused && put !== undefined) {
      outgoing.writeHead(400, { "access-control-allow-origin": "*", connection: "close" });
      outgoing.end("<Error><Code>InvalidRequest</Code></Error>");
      return;
    }
    try {
      if (put !== undefined) await this.beforePut?.(put);
      if (incoming.destroyed) throw new Error("The browser did not wait.");
      const headers = { ...incoming.headers, connection: "close" };
      const localAddress = this.#localAddress;
      const onward = request(url, { method: incoming.method, headers, localAddress });
      const answered = once(onward, "response") as Promise<[IncomingMessage]>;
      answered.catch(() => undefined);
      const operation: Buffer[] = [];
      for await (const chunk of incoming as AsyncIterable<Buffer>) {
        if (put === undefined) operation.push(chunk);
        else put.bytes += chunk.length;
        if (!onward.write(chunk)) await Promise.race([once(onward, "drain"), answered]);
      }
      onward.end();
      const name = nameOf(Buffer.concat(operation));
      if (name !== undefined) this.operations.push(name);
      const [answer] = await answered;
      if (name !== undefined && name === this.answerLost) {
        this.answerLost = undefined;
        throw new Error("The answer is lost.");
      }
      if (put !== undefined) put.status = answer.statusCode;
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    } catch {
      outgoing.destroy(); // Either end has gone: so does the other.
    }
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

/** The name of a GraphQL operation; undefined for what is none. */
function nameOf(body: Buffer): string | undefined {
  return /\b(?:query|mutation) (\w+)/.exec(body.toString())?.[1];
}

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
};

/** A server of static files: the site of a page that uses the service from another origin. */
export class Site {
  readonly #server: Server;

  private constructor(directory: string) {
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "", "http://site");
      const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
      readFile(join(directory, normalize(path))).then(
        (body) => {
          const type = TYPES[extname(path)] ?? "application/octet-stream";
          response.writeHead(200, { "content-type": type }).end(body);
        },
        () => response.writeHead(404).end(),
      );
    });
  }

  static async open(directory: string): Promise<Site> {
    const site = new Site(directory);
    site.#server.listen(0, "127.0.0.1");
    await once(site.#server, "listening");
    return site;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}

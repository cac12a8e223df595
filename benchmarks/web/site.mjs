import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";

const TYPES = { ".html": "text/html", ".js": "text/javascript" };

/** Serve the page and forward /graphql to the API: in production, both share one origin too. */
export async function createSite(directory, apiPort) {
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, "http://site");
    if (url.pathname === "/graphql") {
      request.pipe(
        http
          .request(
            {
              agent,
              port: apiPort,
              host: "127.0.0.1",
              path: request.url,
              method: request.method,
              headers: request.headers,
            },
            (answer) => answer.pipe(response.writeHead(answer.statusCode, answer.headers)),
          )
          .on("error", () => response.destroy()),
      );
    } else if (url.pathname.startsWith("/answer/")) {
      request.resume();
      const id = url.searchParams.get("id");
      const body =
        url.pathname === "/answer/created"
          ? `<InitiateMultipartUploadResult><Bucket>media</Bucket><Key>${id}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`
          : `<CompleteMultipartUploadResult><Location>http://bucket/${id}</Location><Bucket>media</Bucket><Key>${id}</Key><ETag>"0"</ETag></CompleteMultipartUploadResult>`;
      response.writeHead(200, { "Content-Type": "application/xml" }).end(body);
    } else {
      const name = url.pathname === "/" ? "/index.html" : path.normalize(url.pathname);
      try {
        const body = await readFile(path.join(directory, name));
        response
          .writeHead(200, { "Content-Type": TYPES[path.extname(name)] ?? "text/plain" })
          .end(body);
      } catch {
        response.writeHead(404).end();
      }
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: server.address().port,
    close: () => (server.closeAllConnections(), server.close()),
  };
}

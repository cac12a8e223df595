import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../../../..");
const START_MS = 60_000;
const AGE_SESSIONS = `
import datetime, os, sys, pymongo
users = pymongo.MongoClient(os.environ["DB_URL"])["media"]["users"]
ago = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
changed = users.update_one(
    {"username": sys.argv[1]}, {"$set": {"sessions.$[].created_at": ago}}
)
sys.exit(changed.modified_count != 1)
`;

const AWAIT_PROCESSING = `
import os, sys, pymongo
uploads = pymongo.MongoClient(os.environ["DB_URL"])["media"]["uploads"]
changed = uploads.update_one(
    {"filename": sys.argv[1]},
    {
        "$set": {"processing": "PENDING"},
        "$unset": {"media": 1, "renditions": 1, "media_etag": 1},
    },
)
sys.exit(changed.modified_count != 1)
`;

/** The real service with a real MongoDB and S3 server, on a free port and with its own data. */
export class Stack {
  readonly url: string;
  #process: ChildProcess | undefined;
  /** The end of the stack's output. */
  tail = "";

  private constructor(
    private readonly port: number,
    private readonly directory: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** The stack's data, for programs that use its servers, too. */
  get dataDirectory(): string {
    return join(this.directory, "data");
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<Stack> {
    const directory = await mkdtemp(join(tmpdir(), "media-web-"));
    const stack = new Stack(await freePort(), directory, settings);
    await stack.up();
    return stack;
  }

  /** Start the service with its existing data. The `more` settings apply to this start only. */
  async up(more: Readonly<Record<string, string>> = {}): Promise<void> {
    const { PATH, HOME } = process.env;
    const child = spawn(join(ROOT, ".venv/bin/python"), ["-m", "local", "--end-with-parent"], {
      cwd: ROOT,
      env: {
        PATH,
        HOME,
        ...this.settings,
        ...more,
        PORT: String(this.port),
        DATA_DIR: this.dataDirectory,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    const log = createWriteStream(join(this.directory, "log"), { flags: "a" });
    for (const stream of [child.stdout, child.stderr]) {
      stream.pipe(log, { end: false });
      stream.on("data", (data: Buffer) => {
        this.tail = (this.tail + data.toString()).slice(-8000);
      });
    }
    const deadline = Date.now() + START_MS;
    while (!(await this.#healthy())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`The stack did not start:\n${this.tail}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  /**
   * Stop or kill the service and its servers, keeping their data. After a SIGKILL, its servers end
   * a moment later: wait, so that none of them acknowledges a request and then loses it.
   */
  async down(how: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill(how);
    await ended;
    const ports = JSON.parse(
      await readFile(join(this.dataDirectory, "ports.json"), "utf8"),
    ) as Record<string, number>;
    for (const port of Object.values(ports)) {
      while (await listens(port)) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Let all sessions of a user have begun an hour ago. */
  ageSessions(username: string): Promise<void> {
    return this.#change(AGE_SESSIONS, username);
  }

  /** Let the file be as if the media worker had not come to it yet. */
  awaitProcessing(filename: string): Promise<void> {
    return this.#change(AWAIT_PROCESSING, filename);
  }

  /** Run a Python program that changes the database. */
  async #change(program: string, argument: string): Promise<void> {
    const url = await readFile(join(this.dataDirectory, "database-url"), "utf8");
    const child = spawn(join(ROOT, ".venv/bin/python"), ["-c", program, argument], {
      env: { DB_URL: url.trim() },
      stdio: "inherit",
    });
    const [status] = (await once(child, "exit")) as [number];
    if (status !== 0) throw new Error("The database could not be changed.");
  }

  async end(): Promise<void> {
    await this.down();
    await rm(this.directory, { recursive: true, force: true });
  }

  async #healthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health`)).ok;
    } catch {
      return false;
    }
  }
}

/** Return whether a server of this machine accepts connections on the port. */
async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

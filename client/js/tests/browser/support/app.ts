import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { freePort, type Stack } from "../../../../web/tests/browser/support/stack.ts";
import { CONSUMER } from "./consumer.ts";

const ROOT = resolve(import.meta.dirname, "../../../../..");
const EXAMPLE = join(ROOT, "examples/app");
const SERVICE_ENV = join(EXAMPLE, "service.env");
const URL_IN_FILES = "http://127.0.0.1:9000";
const run = promisify(execFile);

/** The application in examples/app, on a free port. */
export class App {
  #process: ChildProcess | undefined;

  private constructor(
    readonly url: string,
    private readonly directory: string,
  ) {}

  static async create(directory: string): Promise<App> {
    return new App(`http://127.0.0.1:${await freePort()}`, directory);
  }

  /** The settings that the application needs of the service, as a user of it copies them. */
  async serviceSettings(): Promise<Record<string, string>> {
    const text = (await readFile(SERVICE_ENV, "utf8")).replaceAll(URL_IN_FILES, this.url);
    const lines = text.split("\n").filter((line) => /^[A-Z]/.test(line));
    return Object.fromEntries(
      lines.map((line) => {
        const [name = "", ...value] = line.split("=");
        return [name, value.join("=").replace(/^'(.*)'$/, "$1")];
      }),
    );
  }

  /** Connect it with the service, and start it, by the commands of `make example`. */
  async start(stack: Stack): Promise<void> {
    const file = join(this.directory, "app.env");
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, DATA_DIR: stack.dataDirectory };
    await run(join(EXAMPLE, "connect"), [file, this.url], { cwd: ROOT, env });
    const command = `set -a && . "${file}" && exec "${ROOT}/.venv/bin/python" -m album`;
    this.#process = spawn("sh", ["-c", command], {
      cwd: EXAMPLE,
      env: {
        PATH,
        HOME,
        APP_URL: this.url,
        MEDIA_URL: stack.url,
        DATA_DIR: this.directory,
        MEDIA_UPLOAD_DIST: join(CONSUMER, "node_modules/media-upload/dist"),
      },
      stdio: ["ignore", "inherit", "inherit"],
    });
    const deadline = Date.now() + 30_000;
    while (!(await this.#answers())) {
      if (Date.now() > deadline) throw new Error("The example did not start.");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stop(): Promise<void> {
    if (this.#process === undefined) return;
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(this.url)).ok;
    } catch {
      return false;
    }
  }
}

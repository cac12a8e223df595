import type { Environment } from "./engine/environment.ts";
import type { TransferApi } from "./engine/index.ts";
import { mediaType } from "./engine/mediaType.ts";
import { createEnvironment, type EngineOptions } from "./engine/setup.ts";
import { Transfer, type TransferObserver } from "./engine/transfer.ts";
import type { Entry } from "./entry.ts";
import type { UploadsOptions } from "./types.ts";

/** The part of the package that sends files; loaded after the queue. */
export class Engine {
  readonly env: Environment;

  /** `refresh` is called when a connection goes down or comes back. */
  private constructor(options: EngineOptions, refresh: () => void) {
    this.env = createEnvironment(options, refresh);
  }

  static async start(
    options: UploadsOptions & Partial<EngineOptions>,
    refresh: () => void,
  ): Promise<Engine> {
    return new Engine({ ...options, api: await apiOf(options) }, refresh);
  }

  /** Return the transfer of a file, which has not begun. */
  transfer({ saved, order }: Entry, file: File, observer: TransferObserver): Transfer {
    const { id, uploadId, name, type, size, tags } = saved;
    const input = {
      ...{ filename: name, contentType: mediaType(type), size, clientToken: id },
      ...(tags !== undefined && { tags: [...tags] }),
    };
    return new Transfer(this.env, file, input, order, observer, uploadId);
  }

  close(): void {
    this.env.bucket.close();
    this.env.service.close();
  }
}

/** Pages with a GraphQL client of their own do not load ours. */
async function apiOf({ api, endpoint, getToken }: UploadsOptions): Promise<TransferApi> {
  if (api !== undefined) return api;
  const { createApi } = await import("./service.ts");
  return createApi(endpoint ?? "", getToken ?? (() => undefined));
}

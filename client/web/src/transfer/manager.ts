import type { Backoff } from "./backoff.ts";
import { Batches } from "./batches.ts";
import { browserLine, Connection, type Line } from "./connection.ts";
import type { Environment, Settings } from "./environment.ts";
import { Gate } from "./gate.ts";
import { Pace, type PaceLimits } from "./pace.ts";
import { Transfer } from "./transfer.ts";
import type { TransferApi, TransferManager } from "./types.ts";

const MIB = 1024 ** 2;

const SETTINGS: Settings = {
  backoff: { baseMs: 300, capMs: 15_000 },
  stallMs: 30_000,
  answerMs: 120_000,
  pollMs: 5_000,
  tries: 8,
  // No part of a larger file is larger than a file that is sent as one, by the service's defaults.
  smallFileMaxBytes: 16 * MIB,
  checksumPartMaxBytes: 64 * MIB,
  // Two parts of most files: the first is on its way while the others are hashed, not after them.
  memoryBytes: 32 * MIB,
};
const PACE: PaceLimits = { start: 6, max: 12, windowMs: 1000 };
const REQUESTS_MAX = 500;
/** A document with more completions would be too complex for the service. */
const COMPLETIONS_MAX = 25;
const COMPLETIONS_AT_ONCE = 2;
const COMPLETIONS_LINGER_MS = 300;

export interface ManagerOptions {
  readonly api: TransferApi;
  // The others are for tests.
  readonly settings?: Partial<Omit<Settings, "backoff">> & { readonly backoff?: Backoff };
  readonly pace?: Partial<PaceLimits>;
  readonly createXhr?: () => XMLHttpRequest;
  readonly random?: () => number;
  readonly line?: Line;
}

/** What sends files. One is enough for a page: all its files share the line. */
export function createTransferManager(options: ManagerOptions): TransferManager {
  const transfers = new Set<Transfer>();
  const env = createEnvironment(options, () => {
    for (const transfer of transfers) transfer.refresh();
  });
  let added = 0;
  return {
    add: (file, addOptions = {}) => {
      const transfer = new Transfer(env, file, added++, addOptions);
      transfers.add(transfer);
      transfer.on((event) => {
        if (event.type !== "state") return;
        if (event.state === "stored" || event.state === "cancelled") transfers.delete(transfer);
      });
      return transfer;
    },
    close: () => {
      for (const transfer of transfers) transfer.close();
      transfers.clear();
      env.bucket.close();
      env.service.close();
    },
  };
}

function createEnvironment(options: ManagerOptions, refresh: () => void): Environment {
  const { api, line = browserLine, random = Math.random } = options;
  const settings = { ...SETTINGS, ...options.settings };
  const limits = { ...PACE, ...options.pace };
  const lanes = new Gate(limits.start);
  const pipeline = new Gate(started(limits.start));
  const pace = new Pace(limits, (limit) => {
    lanes.setLimit(limit);
    pipeline.setLimit(started(limit));
  });
  const requests = (withParts: boolean) =>
    new Batches(
      (inputs: Parameters<TransferApi["requestUploads"]>[0]) =>
        api.requestUploads(inputs, withParts),
      REQUESTS_MAX,
      2,
    );
  return {
    ...{ api, settings, random, lanes, pipeline, pace },
    createXhr: options.createXhr ?? (() => new XMLHttpRequest()),
    bucket: new Connection(line, settings.backoff, random, refresh),
    service: new Connection(line, settings.backoff, random, refresh),
    memory: new Gate(settings.memoryBytes),
    activity: { lastAt: 0 },
    requests: { small: requests(true), large: requests(false) },
    completions: new Batches(
      (ids: readonly string[]) =>
        api.completeMany?.(ids) ?? Promise.all(ids.map((id) => api.complete(id))),
      api.completeMany === undefined ? 1 : COMPLETIONS_MAX,
      api.completeMany === undefined ? 6 : COMPLETIONS_AT_ONCE,
      // While others are being sent, more are about to be completed.
      () => (api.completeMany !== undefined && lanes.used > 0 ? COMPLETIONS_LINGER_MS : 0),
    ),
  };
}

/** How many parts are prepared or sent while `limit` are sent. */
function started(limit: number): number {
  return 2 * limit;
}

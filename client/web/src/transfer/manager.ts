import type { Backoff } from "./backoff.ts";
import { Batches, sendDivided } from "./batches.ts";
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
  // The service sends files up to this size in a single part by default.
  smallFileMaxBytes: 16 * MIB,
  checksumPartMaxBytes: 64 * MIB,
  // Two parts of most files: the first one is sent while the next one is hashed.
  memoryBytes: 32 * MIB,
};
const PACE: PaceLimits = { start: 6, max: 12, windowMs: 1000 };
// The service accepts 500. But it makes one call to the storage for each multipart upload, which all
// files are if `singlePartMaxBytes` is 0, and at most 400 calls per request.
const MAX_REQUESTS = 250;
/** A document with more completions would exceed the service's complexity limit. */
const MAX_COMPLETIONS = 25;
const COMPLETION_CALLS = 2;
const COMPLETIONS_LINGER_MS = 300;

export interface ManagerOptions {
  readonly api: TransferApi;
  // The other options exist for tests.
  readonly settings?: Partial<Omit<Settings, "backoff">> & { readonly backoff?: Backoff };
  readonly pace?: Partial<PaceLimits>;
  readonly createXhr?: () => XMLHttpRequest;
  readonly random?: () => number;
  readonly line?: Line;
}

/** Create the manager that sends files. Use one per page, since its files share the bandwidth. */
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
  const pipeline = new Gate(pipelineLimit(limits.start));
  const pace = new Pace(limits, (limit) => {
    lanes.setLimit(limit);
    pipeline.setLimit(pipelineLimit(limit));
  });
  const requests = (withParts: boolean) =>
    new Batches(
      (inputs: Parameters<TransferApi["requestUploads"]>[0]) =>
        sendDivided((batch) => api.requestUploads(batch, withParts), inputs),
      MAX_REQUESTS,
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
      api.completeMany === undefined ? 1 : MAX_COMPLETIONS,
      api.completeMany === undefined ? 6 : COMPLETION_CALLS,
      // While parts are being sent, more uploads will soon be ready to complete.
      () => (api.completeMany !== undefined && lanes.used > 0 ? COMPLETIONS_LINGER_MS : 0),
    ),
  };
}

/** Return how many parts may be prepared or sent while `limit` may be sent. */
function pipelineLimit(limit: number): number {
  return 2 * limit;
}

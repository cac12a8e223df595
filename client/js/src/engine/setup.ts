import type { Backoff } from "./backoff.ts";
import { Batches, sendDivided } from "./batches.ts";
import { browserLine, Connection, type Line } from "./connection.ts";
import type { Flight } from "./delivery.ts";
import type { Environment, Settings } from "./environment.ts";
import { Gate } from "./gate.ts";
import { Pace, type PaceLimits } from "./pace.ts";
import type { TransferApi } from "./types.ts";

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
  // Two parts of most files can be hashed at once.
  memoryBytes: 32 * MIB,
};
const PACE: PaceLimits = { start: 6, max: 12, windowMs: 1000 };
// The service accepts 500. But it makes one call to the storage for each multipart upload, which all
// files are if `singlePartMaxBytes` is 0, and at most 400 calls per request.
const MAX_REQUESTS = 250;
/** The first request is small, so that the first bytes are soon sent. */
const FIRST_REQUESTS = 25;
const MAX_COMPLETIONS = 100;
const COMPLETIONS_LINGER_MS = 1000;
/**
 * On a slow line, parts are shed that began this recently or of which little was sent, but none of
 * which half was sent.
 */
const SHED_MS = 5_000;
const SHED_SHARE = 0.25;

export interface EngineOptions {
  readonly api: TransferApi;
  // The other options exist for tests.
  readonly settings?: Partial<Omit<Settings, "backoff">> & { readonly backoff?: Backoff };
  readonly pace?: Partial<PaceLimits>;
  readonly createXhr?: () => XMLHttpRequest;
  readonly random?: () => number;
  readonly line?: Line;
}

/** Create what all transfers of a page share. `refresh` is called when a connection changes. */
export function createEnvironment(options: EngineOptions, refresh: () => void): Environment {
  const { api, line = browserLine, random = Math.random } = options;
  const settings = { ...SETTINGS, ...options.settings };
  const limits = { ...PACE, ...options.pace };
  const lanes = new Gate(limits.start);
  const pipeline = new Gate(pipelineLimit(limits.start));
  const flights = new Set<Flight>();
  const pace = new Pace(
    limits,
    (limit, fitted) => {
      lanes.setLimit(limit);
      pipeline.setLimit(pipelineLimit(limit));
      if (fitted) shed(flights, limit);
    },
    () => [...flights].map(({ size }) => size),
  );
  const requests = (withParts: boolean) =>
    new Batches(
      (inputs: Parameters<TransferApi["requestUploads"]>[0]) =>
        sendDivided((batch) => api.requestUploads(batch, withParts), inputs),
      { max: MAX_REQUESTS, first: FIRST_REQUESTS, parallel: 2 },
    );
  return {
    ...{ api, settings, random, lanes, pipeline, pace, flights },
    createXhr: options.createXhr ?? (() => new XMLHttpRequest()),
    bucket: new Connection(line, settings.backoff, random, refresh),
    service: new Connection(line, settings.backoff, random, refresh),
    memory: new Gate(settings.memoryBytes),
    activity: { lastAt: 0 },
    requests: { small: requests(true), large: requests(false) },
    completions: new Batches((ids: readonly string[]) => api.complete(ids), {
      max: MAX_COMPLETIONS,
      parallel: 2,
      // While parts are being sent, more uploads will soon be ready to complete.
      lingerMs: () => (lanes.used > 0 ? COMPLETIONS_LINGER_MS : 0),
    }),
  };
}

/** Return how many parts may be prepared or sent while `limit` may be sent. */
function pipelineLimit(limit: number): number {
  return 2 * limit;
}

/** End the attempts that exceed the limit, if little is lost; the others come to their end. */
function shed(flights: ReadonlySet<Flight>, limit: number): void {
  const now = Date.now();
  const surplus = [...flights].sort((a, b) => b.sent / b.size - a.sent / a.size).slice(limit);
  for (const { sent, size, startedAt, shed } of surplus) {
    if (sent > size / 2) continue;
    if (now - startedAt < SHED_MS || sent < SHED_SHARE * size) shed();
  }
}

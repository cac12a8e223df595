import { sleep } from "./abortable.ts";
import { backoffMs, type Backoff } from "./backoff.ts";
import type { Batches } from "./batches.ts";
import type { Connection } from "./connection.ts";
import type { Flight } from "./delivery.ts";
import { TransferError } from "./errors.ts";
import type { Gate } from "./gate.ts";
import type { Pace } from "./pace.ts";
import type { CompleteResult, RequestResult, TransferApi, UploadInput } from "./types.ts";

/** What all transfers of a page share. */
export interface Environment {
  readonly api: TransferApi;
  readonly settings: Settings;
  readonly createXhr: () => XMLHttpRequest;
  readonly random: () => number;
  readonly bucket: Connection;
  readonly service: Connection;
  /** Limits the parts that are read, hashed, signed or sent, so few are prepared in advance. */
  readonly pipeline: Gate;
  /** Limits the parts that are being sent. */
  readonly lanes: Gate;
  /** Limits the bytes in memory for hashing. */
  readonly memory: Gate;
  readonly pace: Pace;
  /** The parts that are being sent. */
  readonly flights: Set<Flight>;
  readonly activity: { lastAt: number };
  readonly requests: { readonly small: Requests; readonly large: Requests };
  readonly completions: Batches<string, CompleteResult | null | undefined>;
}

type Requests = Batches<UploadInput, RequestResult>;

export interface Settings {
  readonly backoff: Backoff;
  readonly stallMs: number;
  readonly answerMs: number;
  /** How long to wait before asking again whether a completed upload is stored. */
  readonly pollMs: number;
  /** The maximum number of attempts per call or part while the server responds with errors. */
  readonly tries: number;
  /** Files up to this size have a single part, whose URL is requested together with the upload. */
  readonly smallFileMaxBytes: number;
  /** Larger parts are sent without a checksum, since WebCrypto needs the whole part in memory. */
  readonly checksumPartMaxBytes: number;
  readonly memoryBytes: number;
}

/** Call the service, with retries. Rejects with a TransferError if no retry can help. */
export async function call<T>(
  env: Environment,
  signal: AbortSignal,
  ask: () => Promise<T>,
): Promise<T> {
  let failures = 0;
  for (;;) {
    await env.service.turn(signal);
    try {
      const answer = await ask();
      env.service.worked();
      return answer;
    } catch (cause) {
      if (cause instanceof TransferError) {
        env.service.worked();
        throw cause;
      }
      env.service.failed();
      // While the service is down, failures don't count against this call.
      if (!env.service.down) failures += 1;
      if (failures >= env.settings.tries || env.service.hopeless) {
        const message = "The service can't be reached. Try again in a moment.";
        throw new TransferError("service", message, { cause });
      }
    }
    await sleep(backoffMs(failures, env.settings.backoff, env.random), signal);
  }
}

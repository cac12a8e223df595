import { backoffMs, sleep, type Backoff } from "./backoff.ts";
import type { Batches } from "./batches.ts";
import type { Connection } from "./connection.ts";
import { TransferError } from "./errors.ts";
import type { Gate } from "./gate.ts";
import type { Pace } from "./pace.ts";
import type { CompleteResult, RequestResult, TransferApi, UploadInput } from "./types.ts";

/** What all transfers of a manager share. */
export interface Environment {
  readonly api: TransferApi;
  readonly settings: Settings;
  readonly createXhr: () => XMLHttpRequest;
  readonly random: () => number;
  readonly bucket: Connection;
  readonly service: Connection;
  /** Parts that are read, hashed, signed or sent: what is prepared is little more than what is sent. */
  readonly pipeline: Gate;
  /** Parts that are sent. */
  readonly lanes: Gate;
  /** Bytes of parts that are in memory, to be hashed. */
  readonly memory: Gate;
  readonly pace: Pace;
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
  /** So often the same call or part is tried where something answers, but with an error. */
  readonly tries: number;
  /** Files up to this size are requested together with the URL of their only part. */
  readonly smallFileMaxBytes: number;
  /** WebCrypto needs a whole part in memory, so larger ones go without a checksum. */
  readonly checksumPartMaxBytes: number;
  readonly memoryBytes: number;
}

/** Call the service until it answers; rejects with a TransferError where that is of no use. */
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
      // While nothing comes through it says nothing about this call.
      if (!env.service.down) failures += 1;
      if (failures >= env.settings.tries || env.service.hopeless) {
        const message = "The service can't be reached. Try again in a moment.";
        throw new TransferError("service", message, { cause });
      }
    }
    await sleep(backoffMs(failures, env.settings.backoff, env.random), signal);
  }
}

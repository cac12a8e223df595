import { sleep } from "./abortable.ts";
import { backoffMs } from "./backoff.ts";
import type { Environment } from "./environment.ts";
import { TransferError } from "./errors.ts";
import { put, type PutOutcome } from "./put.ts";
import { checkReadable } from "./read.ts";
import type { Signer } from "./signer.ts";
import type { PartChoice } from "./types.ts";

/** S3's error code for a multipart upload that has already been completed or aborted. */
export const NO_SUCH_UPLOAD = "NoSuchUpload";

/** How long a request may take to fill the buffers on its way. */
const FILLING_MS = 1000;

/** S3's error codes with status 400 that are worth a retry. */
const TRANSIENT: ReadonlySet<string | undefined> = new Set(["BadDigest", "RequestTimeout"]);

export interface Delivery {
  readonly part: PartChoice;
  readonly file: Blob;
  readonly offset: number;
  readonly size: number;
  readonly signer: Signer;
  readonly rank: number;
  /** Prevents further attempts; the one that is running goes on. */
  readonly stop: AbortSignal;
  /** Ends the running attempt as well. */
  readonly kill: AbortSignal;
  readonly onProgress: (bytesSent: number) => void;
  /** The part could not be sent, and is sent again; `undefined` once it has arrived. */
  readonly onTrouble: (reason: TransferError | undefined) => void;
}

/** A part that is being sent. */
export interface Flight {
  readonly startedAt: number;
  readonly size: number;
  sent: number;
  /** End this attempt; the part is sent again when its turn comes. */
  readonly shed: () => void;
}

/** Send one part, with retries. Rejects with a TransferError if no retry can help. */
export async function deliver(env: Environment, delivery: Delivery): Promise<void> {
  const { part, signer, stop, onTrouble } = delivery;
  let failures = 0;
  for (;;) {
    const outcome = await attempt(env, delivery);
    if (outcome?.kind === "accepted" || existsAlready(outcome)) {
      signer.drop(part.number);
      onTrouble(undefined);
      return;
    }
    delivery.onProgress(0);
    if (outcome === undefined) continue;
    if (outcome.kind === "refused") {
      prepareRetry(env, outcome, signer, part.number);
      failures += 1;
    } else {
      env.pace.failed();
      env.bucket.failed();
      await checkReadable(delivery.file);
      if (env.bucket.hopeless) throw unreachable();
      // While the bucket is down, failures don't count against this part.
      if (!env.bucket.down) failures += 1;
    }
    if (failures >= env.settings.tries) throw failure(outcome);
    // The URL has probably expired: retry at once with a new one.
    if (failures === 1 && outcome.kind === "refused" && outcome.status === 403) continue;
    onTrouble(failure(outcome));
    await sleep(backoffMs(failures, env.settings.backoff, env.random), stop);
  }
}

/** Send a part once. Resolves to undefined if the attempt was shed. */
async function attempt(env: Environment, delivery: Delivery): Promise<PutOutcome | undefined> {
  const { part, file, offset, size, signer, rank, stop, kill } = delivery;
  await env.bucket.turn(stop);
  const leave = await env.lanes.enter(rank, stop);
  const ended = new AbortController();
  const flight: Flight = { startedAt: Date.now(), size, sent: 0, shed: () => ended.abort() };
  try {
    const request = await signer.get(part);
    stop.throwIfAborted();
    if (env.flights.size === 0) env.pace.resumed();
    env.flights.add(flight);
    const outcome = await put(request, file.slice(offset, offset + size), {
      createXhr: env.createXhr,
      signal: AbortSignal.any([kill, ended.signal]),
      activity: env.activity,
      stallMs: env.settings.stallMs,
      answerMs: env.settings.answerMs,
      onProgress: (bytes) => {
        const steady = Date.now() - flight.startedAt > FILLING_MS;
        env.pace.moved(bytes - flight.sent, env.lanes.full, steady);
        flight.sent = bytes;
        delivery.onProgress(bytes);
      },
    });
    if (outcome.kind === "accepted" || outcome.kind === "refused") env.bucket.worked();
    return outcome;
  } catch (error) {
    if (ended.signal.aborted && !kill.aborted) return undefined;
    throw error;
  } finally {
    env.flights.delete(flight);
    leave();
  }
}

/**
 * Whether an earlier attempt, whose response was lost, has stored the object. A single PUT is
 * signed with the condition that the object does not exist.
 */
function existsAlready(outcome: PutOutcome | undefined): boolean {
  return outcome?.kind === "refused" && outcome.status === 412;
}

/** Prepare the retry of a refused request; throws a TransferError if a retry can't help. */
function prepareRetry(
  env: Environment,
  outcome: PutOutcome & { kind: "refused" },
  signer: Signer,
  number: number,
): void {
  const { status, code } = outcome;
  // 403 usually means that the URL has expired. Any other cause will fail with a new URL too.
  if (status === 403 || code === "ExpiredToken") signer.drop(number);
  else if (status === 404) throw failure(outcome);
  else if (status === 429 || status >= 500) env.pace.failed();
  else if (status !== 409 && !TRANSIENT.has(code)) throw failure(outcome);
}

function unreachable(): TransferError {
  return new TransferError(
    "network",
    "Storage can't be reached, although you are online. " +
      "A firewall or the storage's CORS rules may be blocking it.",
  );
}

function failure(outcome: PutOutcome): TransferError {
  if (outcome.kind !== "refused") {
    return new TransferError("network", "The connection to storage was lost.");
  }
  const code = outcome.code ?? (outcome.status === 404 ? NO_SUCH_UPLOAD : undefined);
  return new TransferError("storage", `Storage rejected the file (${code ?? outcome.status}).`, {
    code,
    detail: outcome,
  });
}

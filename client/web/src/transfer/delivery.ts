import { backoffMs, sleep } from "./backoff.ts";
import type { Environment } from "./environment.ts";
import { TransferError } from "./errors.ts";
import { put, type PutOutcome } from "./put.ts";
import { checkReadable } from "./read.ts";
import type { Signer } from "./signer.ts";
import type { PartChoice } from "./types.ts";

/** S3's error code for a multipart upload that has already been completed or aborted. */
export const NO_SUCH_UPLOAD = "NoSuchUpload";

/** S3's error codes with status 400 that are worth a retry. */
const TRANSIENT: ReadonlySet<string | undefined> = new Set(["BadDigest", "RequestTimeout"]);

export interface Delivery {
  readonly part: PartChoice;
  readonly file: Blob;
  readonly offset: number;
  readonly size: number;
  readonly signer: Signer;
  readonly rank: number;
  readonly signal: AbortSignal;
  readonly onProgress: (bytesSent: number) => void;
}

/** Send one part, with retries. Rejects with a TransferError if no retry can help. */
export async function deliver(env: Environment, delivery: Delivery): Promise<void> {
  const { part, signer, signal } = delivery;
  let failures = 0;
  for (;;) {
    const outcome = await attempt(env, delivery);
    if (outcome.kind === "accepted" || existsAlready(outcome)) {
      signer.drop(part.number);
      return;
    }
    delivery.onProgress(0);
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
    await sleep(backoffMs(failures, env.settings.backoff, env.random), signal);
  }
}

async function attempt(env: Environment, delivery: Delivery): Promise<PutOutcome> {
  const { part, file, offset, size, signer, rank, signal } = delivery;
  await env.bucket.turn(signal);
  const leave = await env.lanes.enter(rank, signal);
  try {
    const request = await signer.get(part);
    signal.throwIfAborted();
    let before = 0;
    const outcome = await put(request, file.slice(offset, offset + size), {
      createXhr: env.createXhr,
      signal,
      activity: env.activity,
      stallMs: env.settings.stallMs,
      answerMs: env.settings.answerMs,
      onProgress: (bytes) => {
        env.pace.moved(bytes - before, env.lanes.full);
        before = bytes;
        delivery.onProgress(bytes);
      },
    });
    if (outcome.kind === "accepted" || outcome.kind === "refused") env.bucket.worked();
    return outcome;
  } finally {
    leave();
  }
}

/**
 * Whether an earlier attempt, whose response was lost, has stored the object. A single PUT is
 * signed with the condition that the object does not exist.
 */
function existsAlready(outcome: PutOutcome): boolean {
  return outcome.kind === "refused" && outcome.status === 412;
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
    return new TransferError("network", "The connection to storage was lost. Try again.");
  }
  const code = outcome.code ?? (outcome.status === 404 ? NO_SUCH_UPLOAD : undefined);
  return new TransferError(
    "storage",
    `Storage rejected the file (${code ?? outcome.status}). Try again in a moment.`,
    { code, detail: outcome },
  );
}

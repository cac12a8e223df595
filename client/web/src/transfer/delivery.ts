import { backoffMs, sleep } from "./backoff.ts";
import type { Environment } from "./environment.ts";
import { TransferError } from "./errors.ts";
import { put, type PutOutcome } from "./put.ts";
import { checkReadable } from "./read.ts";
import type { Signer } from "./signer.ts";
import type { PartChoice } from "./types.ts";

/** S3's answer where the multipart upload is completed or aborted already. */
export const GONE = "NoSuchUpload";

/** Refusals with status 400 that are not the same the next time. */
const PASSING: ReadonlySet<string | undefined> = new Set(["BadDigest", "RequestTimeout"]);

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

/** Send one part, as often as it takes; rejects with a TransferError where that is of no use. */
export async function deliver(env: Environment, delivery: Delivery): Promise<void> {
  const { part, signer, signal } = delivery;
  let failures = 0;
  for (;;) {
    const outcome = await attempt(env, delivery);
    if (outcome.kind === "taken" || isThereAlready(outcome)) {
      signer.drop(part.number);
      return;
    }
    delivery.onProgress(0);
    if (outcome.kind === "refused") {
      judge(env, outcome, signer, part.number);
      failures += 1;
    } else {
      env.pace.failed();
      env.bucket.failed();
      await checkReadable(delivery.file);
      if (env.bucket.hopeless) throw unreachable();
      // While nothing comes through it says nothing about this part.
      if (!env.bucket.down) failures += 1;
    }
    if (failures >= env.settings.tries) throw failure(outcome);
    // A URL that has expired is no reason to wait before a fresh one is used.
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
    if (outcome.kind === "taken" || outcome.kind === "refused") env.bucket.worked();
    return outcome;
  } finally {
    leave();
  }
}

/** A single PUT demands that nothing is there; an earlier one whose answer was lost has put it there. */
function isThereAlready(outcome: PutOutcome): boolean {
  return outcome.kind === "refused" && outcome.status === 412;
}

/** What a refusal means for the next attempt; throws where there is none. */
function judge(
  env: Environment,
  outcome: PutOutcome & { kind: "refused" },
  signer: Signer,
  number: number,
): void {
  const { status, code } = outcome;
  // 403 is mostly an expired URL. Whatever else it is, a fresh one shows it.
  if (status === 403 || code === "ExpiredToken") signer.drop(number);
  else if (status === 404) throw failure(outcome);
  else if (status === 429 || status >= 500) env.pace.failed();
  else if (status !== 409 && !PASSING.has(code)) throw failure(outcome);
}

function unreachable(): TransferError {
  return new TransferError(
    "network",
    "The storage can't be reached, though there is a connection. A firewall or a missing CORS rule may be the cause.",
  );
}

function failure(outcome: PutOutcome): TransferError {
  if (outcome.kind !== "refused") {
    return new TransferError("network", "The connection to the storage stands still. Try again.");
  }
  const code = outcome.code ?? (outcome.status === 404 ? GONE : undefined);
  return new TransferError(
    "storage",
    `The storage does not take the file (${code ?? outcome.status}). Try again in a moment.`,
    { code, detail: outcome },
  );
}

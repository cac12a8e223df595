import { sentence } from "../api/errors.ts";
import { waiting } from "../format/waiting.ts";
import { t } from "../messages/t.ts";

/** Why a request failed: a message for the user, and one per invalid field. */
export interface Failure {
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

export function failure(message: string, fields: Readonly<Record<string, string>> = {}): Failure {
  return { message, fields };
}

interface InvalidInput {
  readonly message: string;
  readonly fields: readonly { readonly path: readonly string[]; readonly message: string }[];
}

/** Convert InvalidInput to a Failure; the first element of each path is the field's name. */
export function invalidInput(input: InvalidInput): Failure {
  const fields: Record<string, string> = {};
  for (const { path, message } of input.fields) {
    fields[path[0] ?? ""] ??= message.charAt(0).toUpperCase() + message.slice(1);
  }
  return { message: input.message, fields };
}

/** Build the Failure for too many wrong passwords, which says when to try again. */
export function tooManyAttempts(result: { readonly retryAfterSeconds: number }): Failure {
  return failure(t("accounts.tooManyAttempts", { time: waiting(result.retryAfterSeconds) }));
}

/** Return the result of `work`, or a Failure if the request to the service fails. */
export async function attempt(
  work: () => Promise<Failure | undefined>,
): Promise<Failure | undefined> {
  try {
    return await work();
  } catch (error) {
    return failure(sentence(error));
  }
}

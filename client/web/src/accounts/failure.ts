import { sentence } from "../api/errors.ts";
import { waiting } from "../format/waiting.ts";

/** Why something was not done: a sentence, and one for each field that is wrong. */
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

/** Each message beside the field it is about; the first part of the path names the field. */
export function invalidInput(input: InvalidInput): Failure {
  const fields: Record<string, string> = {};
  for (const { path, message } of input.fields) {
    fields[path[0] ?? ""] ??= message.charAt(0).toUpperCase() + message.slice(1);
  }
  return { message: input.message, fields };
}

/** `why`, and when to try again. */
export function tooSoon(
  why: string,
  { retryAfterSeconds }: { readonly retryAfterSeconds: number },
): Failure {
  return failure(`${why} Try again in ${waiting(retryAfterSeconds)}.`);
}

/** What `work` returns, or why the service could not be asked. */
export async function attempt(
  work: () => Promise<Failure | undefined>,
): Promise<Failure | undefined> {
  try {
    return await work();
  } catch (error) {
    return failure(sentence(error));
  }
}

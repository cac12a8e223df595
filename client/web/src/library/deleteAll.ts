/** Enough parallel requests to delete hundreds of uploads quickly without flooding the service. */
const AT_ONCE = 6;

export interface Deletion {
  readonly failed: number;
  /** The error message of the last failed deletion. */
  readonly problem: string | undefined;
}

/** Delete all uploads; a failure does not stop the others. */
export async function deleteAll(
  uploads: readonly { readonly id: string }[],
  deleteUpload: (id: string) => Promise<string | undefined>,
): Promise<Deletion> {
  const waiting = uploads.map(({ id }) => id);
  let failed = 0;
  let problem: string | undefined;
  async function work(): Promise<void> {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const failure = await deleteUpload(id);
      if (failure === undefined) continue;
      failed += 1;
      problem = failure;
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { failed, problem };
}

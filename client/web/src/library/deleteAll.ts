/** So many at once that hundreds go fast, and so few that the service is not flooded. */
const AT_ONCE = 6;

export interface Deletion {
  readonly failed: number;
  /** Why the last of those that failed did. */
  readonly problem: string | undefined;
}

/** Delete each upload; one that fails does not keep the others. */
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

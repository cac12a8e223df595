interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

/**
 * Return the nodes of all pages, each once; undefined if `signal` is aborted. Calls `onFound` with
 * their number after each page.
 */
export async function allPages<T extends { readonly id: string }>(
  load: (after: string | null) => Promise<Page<T> | undefined>,
  signal: AbortSignal,
  onFound: (count: number) => void,
): Promise<readonly T[] | undefined> {
  const found = new Map<string, T>();
  let after: string | null = null;
  for (;;) {
    const page: Page<T> | undefined = await load(after);
    if (signal.aborted || page === undefined) return undefined;
    for (const node of page.nodes) found.set(node.id, node);
    onFound(found.size);
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage || after === null) return [...found.values()];
  }
}

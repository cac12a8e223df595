interface Tagged {
  readonly tags: readonly string[];
}

export interface TagChange {
  readonly add: readonly string[];
  readonly remove: ReadonlySet<string>;
}

/** Return the uploads that a change of tags concerns, with their new tags. */
export function changesOf<T extends Tagged>(
  uploads: readonly T[],
  { add, remove }: TagChange,
): T[] {
  return uploads.flatMap((upload) => {
    const kept = upload.tags.filter((tag) => !remove.has(tag));
    const added = add.filter((tag) => !upload.tags.includes(tag));
    const same = kept.length === upload.tags.length && added.length === 0;
    return same ? [] : [{ ...upload, tags: [...kept, ...added] }];
  });
}

/** Return the tags of the uploads with the number of uploads of each, the most frequent first. */
export function countTags(uploads: readonly Tagged[]): (readonly [tag: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { tags } of uploads) {
    for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one);
}

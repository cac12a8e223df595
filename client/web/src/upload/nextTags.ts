/** The tags of files that are added while the upload page is open. */
let tags: readonly string[] = [];

export function getNextTags(): readonly string[] {
  return tags;
}

export function setNextTags(next: readonly string[]): void {
  tags = next;
}

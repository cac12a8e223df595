/** The service changes at most as many uploads as this per request. */
export const BATCH = 100;

/** Split uploads into batches, in their order. */
export function batches<T>(uploads: readonly T[]): T[][] {
  const count = Math.ceil(uploads.length / BATCH);
  return Array.from({ length: count }, (_, index) =>
    uploads.slice(index * BATCH, (index + 1) * BATCH),
  );
}

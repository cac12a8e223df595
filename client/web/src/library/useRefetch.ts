import { useEffect, useRef } from "react";
import type { UploadQueryQuery } from "../graphql/graphql.ts";

type State = Pick<NonNullable<UploadQueryQuery["upload"]>, "id" | "status" | "processing">;

/**
 * Fetch all of an upload again when its state has changed: the library keeps the state up to date, but
 * not the rest, such as the preview and all of the facts.
 */
export function useRefetch(
  upload: State | null | undefined,
  refetch: () => Promise<unknown>,
): void {
  const known = useRef<readonly [id: string, state: string]>(undefined);
  const id = upload?.id;
  const state = upload && `${upload.status} ${upload.processing}`;
  useEffect(() => {
    if (id === undefined || state == null) return;
    const changed = known.current?.[0] === id && known.current[1] !== state;
    known.current = [id, state];
    if (changed) refetch().catch(() => undefined);
  }, [id, state, refetch]);
}

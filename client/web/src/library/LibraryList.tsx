import { lazy, Suspense, useDeferredValue, useRef, useState } from "react";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { Files, type FilesProps } from "./Files.tsx";
import { Skeleton } from "./Skeleton.tsx";
import { useBox } from "./useRows.ts";
import type { UploadList } from "./useUploads.ts";
import { t } from "../messages/t.ts";

// Most visits find files.
const EmptyList = lazy(async () => ({ default: (await import("./EmptyList.tsx")).EmptyList }));

type LibraryListProps = Omit<FilesProps, "ids" | "box"> & { readonly filtered: boolean };

/** The list of uploads in each of its states: loading, failed, empty or filled. */
export function LibraryList({ filtered, ...props }: LibraryListProps) {
  const { ids, hasMore, problem, retry } = props.list;
  if (ids === undefined && problem !== undefined) {
    return (
      <RetryMessage title={t("library.problem")} primary onRetry={retry}>
        {problem}
      </RetryMessage>
    );
  }
  // A search may stop before it has found anything. The list then loads the next page.
  if (ids?.length === 0 && !hasMore) {
    return (
      <Suspense>
        <EmptyList filtered={filtered} />
      </Suspense>
    );
  }
  return <Loaded {...props} />;
}

/** The files that are loaded, or boxes in their places. */
function Loaded(props: Omit<FilesProps, "ids" | "box">) {
  const { ids, stale, hasMore, problem } = props.list;
  const element = useRef<HTMLDivElement>(null);
  const box = useBox(element);
  const [cached] = useState(ids !== undefined);
  // Deferred, so that the browser can do other things while React renders the first files.
  const arrived = useDeferredValue(ids !== undefined);
  return (
    <div ref={element} className="list" aria-busy={stale}>
      {ids !== undefined && (arrived || cached) ? (
        <>
          <Files {...props} {...{ ids, box }} />
          {problem !== undefined && (
            <p className="problem" role="alert">
              {problem}
            </p>
          )}
          {hasMore && <More list={props.list} />}
        </>
      ) : (
        <Skeleton view={props.view} box={box} />
      )}
    </div>
  );
}

/** The list loads its next page by itself; after a failure, a click tries again. */
function More({ list }: { readonly list: UploadList }) {
  const { loadMore, loadingMore } = list;
  return (
    <div className="more">
      <button type="button" className="button" disabled={loadingMore} onClick={loadMore}>
        {loadingMore ? t("ui.loadingMore") : t("ui.showMore")}
      </button>
    </div>
  );
}

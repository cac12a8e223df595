import { lazy, Suspense } from "react";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { Files, type FilesProps } from "./Files.tsx";
import { Skeleton } from "./Skeleton.tsx";
import type { UploadList } from "./useUploads.ts";
import { t } from "../messages/t.ts";

// Most visits find files.
const EmptyList = lazy(async () => ({ default: (await import("./EmptyList.tsx")).EmptyList }));

interface LibraryListProps extends Omit<FilesProps, "ids"> {
  readonly filtered: boolean;
}

/** The list of uploads in each of its states: loading, failed, empty or filled. */
export function LibraryList({ filtered, ...props }: LibraryListProps) {
  const { list } = props;
  const { ids, problem } = list;
  if (ids === undefined && problem !== undefined) {
    return (
      <RetryMessage title={t("library.problem")} primary onRetry={list.retry}>
        {problem}
      </RetryMessage>
    );
  }
  if (ids === undefined) return <Skeleton view={props.view} />;
  // A search may stop before it has found anything. The list then loads the next page.
  if (ids.length === 0 && !list.hasMore) {
    return (
      <Suspense>
        <EmptyList filtered={filtered} />
      </Suspense>
    );
  }
  return (
    <div className="list" aria-busy={list.stale}>
      <Files {...props} ids={ids} />
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {list.hasMore && <More list={list} />}
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

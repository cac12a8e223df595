import { Link } from "react-router";
import { Message } from "../ui/Message.tsx";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { Files, type FilesProps } from "./Files.tsx";
import type { UploadList } from "./useUploads.ts";
import { t } from "../messages/t.ts";

interface LibraryListProps extends Omit<FilesProps, "uploads"> {
  readonly filtered: boolean;
}

/** The list of uploads in each of its states: loading, failed, empty or filled. */
export function LibraryList({ filtered, ...props }: LibraryListProps) {
  const { list } = props;
  const { uploads, problem } = list;
  if (uploads === undefined && problem !== undefined) {
    return (
      <RetryMessage title={t("library.problem")} primary onRetry={list.retry}>
        {problem}
      </RetryMessage>
    );
  }
  if (uploads === undefined) return <Skeleton />;
  // A search may stop before it has found anything. The list then loads the next page.
  if (uploads.length === 0 && !list.hasMore) return <Empty filtered={filtered} />;
  return (
    <div className="list" aria-busy={list.stale}>
      <Files {...props} uploads={uploads} />
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

function Skeleton() {
  return (
    <div role="status" aria-label={t("library.loading")}>
      <ul className="skeletons" aria-hidden="true">
        {Array.from({ length: 12 }, (_, index) => (
          <li key={index} className="loading" />
        ))}
      </ul>
    </div>
  );
}

function Empty({ filtered }: { readonly filtered: boolean }) {
  if (filtered) {
    return (
      <Message
        icon="search"
        title={t("library.noMatch.title")}
        action={
          <Link to="/library" className="button">
            {t("library.noMatch.action")}
          </Link>
        }
      >
        {t("library.noMatch.text")}
      </Message>
    );
  }
  return (
    <Message
      icon="upload"
      title={t("library.empty.title")}
      action={
        <Link to="/upload" className="button primary">
          {t("library.empty.action")}
        </Link>
      }
    >
      {t("library.empty.text")}
    </Message>
  );
}

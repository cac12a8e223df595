import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { Message } from "../ui/Message.tsx";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { UploadGrid } from "./UploadGrid.tsx";
import { UploadTable } from "./UploadTable.tsx";
import type { Selection } from "./useSelection.ts";
import type { UploadList } from "./useUploads.ts";
import type { View } from "./useView.ts";

interface LibraryListProps {
  readonly list: UploadList;
  readonly view: View;
  readonly selection: Selection;
  readonly filtered: boolean;
  readonly onOpen: (id: string) => void;
}

/** The list of uploads in each of its states: loading, failed, empty or filled. */
export function LibraryList({ list, view, selection, filtered, onOpen }: LibraryListProps) {
  const { uploads, problem } = list;
  if (uploads === undefined && problem !== undefined) {
    return (
      <RetryMessage title="The library couldn’t be loaded" primary onRetry={list.retry}>
        {problem}
      </RetryMessage>
    );
  }
  if (uploads === undefined) return <Skeleton />;
  // A search may stop before it has found anything. The list then loads the next page.
  if (uploads.length === 0 && !list.hasMore) return <Empty filtered={filtered} />;
  const Uploads = view === "grid" ? UploadGrid : UploadTable;
  return (
    <div className="list" aria-busy={list.stale}>
      <Uploads uploads={uploads} selection={selection} onOpen={onOpen} />
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {list.hasMore && <More list={list} />}
    </div>
  );
}

/** Loads the next page when the user scrolls near the end of the list, or clicks the button. */
function More({ list }: { readonly list: UploadList }) {
  const element = useRef<HTMLDivElement>(null);
  const { loadMore, loadingMore, problem } = list;
  const latest = useRef(loadMore);
  useEffect(() => {
    latest.current = loadMore;
  });
  const broken = problem !== undefined;
  useEffect(() => {
    // After a failure, only a click retries: the observer would retry endlessly.
    if (element.current === null || loadingMore || broken) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) latest.current();
      },
      { rootMargin: "600px" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [loadingMore, broken]);
  return (
    <div ref={element} className="more">
      <button type="button" className="button" disabled={loadingMore} onClick={loadMore}>
        {loadingMore ? "Loading…" : "Show more"}
      </button>
    </div>
  );
}

function Skeleton() {
  return (
    <div role="status" aria-label="Loading the library">
      <ul className="grid" aria-hidden="true">
        {Array.from({ length: 12 }, (_, index) => (
          <li key={index} className="card loading">
            <span className="preview" />
            <span className="card-text" />
          </li>
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
        title="No files match"
        action={
          <Link to="/library" className="button">
            Show all files
          </Link>
        }
      >
        Try fewer words, another type or a longer date range.
      </Message>
    );
  }
  return (
    <Message
      icon="upload"
      title="No files yet"
      action={
        <Link to="/upload" className="button primary">
          Upload files
        </Link>
      }
    >
      Drop files anywhere on this page, or choose them from your device.
    </Message>
  );
}

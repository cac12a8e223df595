import { useState } from "react";
import { useTitle } from "../shell/useTitle.ts";
import type { UploadList } from "../library/useUploads.ts";
import { Message } from "../ui/Message.tsx";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { useLimits } from "../upload/useLimits.ts";
import { lifetime } from "./dates.ts";
import { DeleteForGood } from "./DeleteForGood.tsx";
import { EmptyTrash } from "./EmptyTrash.tsx";
import "./trash.css";
import type { Trashed } from "./allTrashed.ts";
import { TrashRow } from "./TrashRow.tsx";
import { TrashSelection } from "./TrashSelection.tsx";
import { useRestoring } from "./useRemoval.tsx";
import { useTrashList } from "./useTrashList.ts";
import "../styles/pages.css";
import { t } from "../messages/t.ts";

/** The files in the trash, which the user restores or deletes for good. */
export function TrashPage() {
  useTitle(t("trash.title"));
  const ttlSeconds = useLimits()?.trashTtlSeconds;
  const restore = useRestoring();
  const [chosen, setChosen] = useState<readonly Trashed[]>([]);
  /** What the user is asked about; the dialog outlives the rows and the selection. */
  const [asking, setAsking] = useState<"all" | readonly Trashed[]>();
  const list = useTrashList(asking !== undefined);
  const { ids = [], totalCount } = list;
  const chosenIds = new Set(chosen.map(({ id }) => id));

  function deselect() {
    setChosen([]);
  }
  function close() {
    setAsking(undefined);
  }
  return (
    <>
      <header className="page-header">
        <h1>
          {t("trash.title")}{" "}
          <small aria-live="polite">{list.ids && t("library.files", { count: totalCount })}</small>
        </h1>
        {ids.length > 0 && (
          <button type="button" className="button danger" onClick={() => setAsking("all")}>
            {t("trash.empty.action")}
          </button>
        )}
      </header>
      <p className="lead">
        {ttlSeconds === undefined
          ? t("trash.lead")
          : t("trash.leadTime", { time: lifetime(ttlSeconds) })}
      </p>
      <TrashState list={list} />
      {ids.length > 0 && (
        <ul className="rows trash">
          {ids.map((id) => (
            <TrashRow
              key={id}
              {...{ id, ttlSeconds }}
              selected={chosenIds.has(id)}
              onSelect={(upload, selected) => {
                const others = chosen.filter((other) => other.id !== id);
                setChosen(selected ? [...others, upload] : others);
              }}
              onRestore={(upload) => void restore([upload])}
              onDelete={(upload) => setAsking([upload])}
            />
          ))}
        </ul>
      )}
      {list.hasMore && ids.length > 0 && (
        <div className="more">
          <button type="button" className="button" onClick={list.loadMore}>
            {list.loadingMore ? t("ui.loadingMore") : t("ui.showMore")}
          </button>
        </div>
      )}
      {chosen.length > 0 && (
        <TrashSelection
          {...{ chosen, list }}
          onChoose={setChosen}
          onRestore={() => {
            void restore(chosen);
            deselect();
          }}
          onDelete={() => setAsking(chosen)}
        />
      )}
      {asking === "all" && <EmptyTrash onDelete={deselect} onClose={close} />}
      {asking !== undefined && asking !== "all" && (
        <DeleteForGood uploads={asking} onDelete={deselect} onClose={close} />
      )}
    </>
  );
}

/** What is shown if there are no files: they are being loaded, could not be, or there are none. */
function TrashState({ list }: { readonly list: UploadList }) {
  const { ids, problem, hasMore, retry } = list;
  if (problem !== undefined) {
    if (ids !== undefined && ids.length > 0) {
      return (
        <p className="problem" role="alert">
          {problem}
        </p>
      );
    }
    return (
      <RetryMessage title={t("trash.problem")} primary onRetry={retry}>
        {problem}
      </RetryMessage>
    );
  }
  if (ids === undefined)
    return <div className="rows loading" role="status" aria-label={t("ui.loading")} />;
  if (ids.length > 0 || hasMore) return null;
  return (
    <Message icon="trash" title={t("trash.empty.title")}>
      {t("trash.empty.text")}
    </Message>
  );
}

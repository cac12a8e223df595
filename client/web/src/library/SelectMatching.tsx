import { useApolloClient } from "@apollo/client/react";
import { useEffect, useRef, useState } from "react";
import { sentence } from "../api/errors.ts";
import { notify } from "../ui/notices.ts";
import { findMatching } from "./matching.ts";
import type { Selection } from "./useSelection.ts";
import type { UploadList } from "./useUploads.ts";
import { t } from "../messages/t.ts";

interface SelectMatchingProps {
  readonly selection: Selection;
  readonly list: UploadList;
}

/** Selects all uploads that match the filters, also those that the list has not loaded. */
export function SelectMatching({ selection, list }: SelectMatchingProps) {
  const { variables, totalCount } = list;
  const client = useApolloClient();
  const running = useRef<AbortController>(undefined);
  const [found, setFound] = useState<number>();
  useEffect(() => () => running.current?.abort(), [variables]);

  async function find() {
    const controller = new AbortController();
    running.current = controller;
    setFound(0);
    try {
      const ids = await findMatching(client, variables, controller.signal, setFound);
      if (ids !== undefined) selection.select(ids);
    } catch (error) {
      notify(t("selection.problem", { problem: sentence(error) }), "problem");
    }
    setFound(undefined);
  }
  if (found !== undefined) {
    return (
      <>
        <span className="selection-count" role="status">
          {t("selection.finding", { found, total: totalCount })}
        </span>
        <button
          type="button"
          className="button plain"
          onClick={() => {
            running.current?.abort();
            setFound(undefined);
          }}
        >
          {t("selection.stop")}
        </button>
      </>
    );
  }
  if (selection.ids.size >= totalCount) return null;
  return (
    <button type="button" className="button plain" onClick={() => void find()}>
      {Object.keys(variables.filter).length > 1
        ? t("selection.matching", { count: totalCount })
        : t("selection.all", { count: totalCount })}
    </button>
  );
}

import { useVirtualizer } from "@tanstack/react-virtual";
import type { UploadItem } from "media-upload";
import { useUploads } from "media-upload/react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useLimits } from "../useLimits.ts";
import { FileRow, type FileAction } from "./FileRow.tsx";
import { Speeds } from "./speeds.ts";
import { useReplacement } from "./useReplacement.tsx";
import { useNarrow } from "./useNarrow.ts";
import { t } from "../../messages/t.ts";

/** All rows have one height: measuring them would take longer the more files there are. */
const ROW_PX = 76;
/** On a narrow screen, reasons take four lines. */
const NARROW_ROW_PX = 92;
const OVERSCAN = 4;

/** The files in the tray. Of thousands of rows, the page contains only those in view. */
export function FileList() {
  const uploads = useUploads();
  const { files, at, pause, resume, retry, cancel } = uploads;
  const list = useRef<HTMLDivElement>(null);
  const height = useNarrow() ? NARROW_ROW_PX : ROW_PX;
  const speeds = useMemo(() => new Speeds(), []);
  const limits = useLimits();
  const replacement = useReplacement();
  const { replace } = replacement;
  const act = useCallback(
    (action: FileAction, item: UploadItem) => {
      if (action === "pause") pause(item.id);
      else if (action === "resume") resume(item.id);
      else if (action === "retry") retry(item.id);
      else if (action === "choose") replace(item);
      else void cancel(item.id).catch(() => undefined);
      // The row, with the button that has the focus, may leave the list.
      setTimeout(() => {
        if (document.activeElement === document.body) focusAfter(list.current);
      }, FOCUS_MS);
    },
    [pause, resume, retry, cancel, replace],
  );
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer({
    count: files,
    getScrollElement: () => list.current,
    estimateSize: useCallback(() => height, [height]),
    overscan: OVERSCAN,
  });
  useEffect(() => rows.measure(), [rows, height]);
  return (
    <>
      {replacement.input}
      {/* Keyboard users scroll it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={list} className="tray-list" role="region" aria-label={t("tray.files")} tabIndex={0}>
        <div role="list" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const item = at(index);
            return (
              item && (
                <FileRow
                  key={item.id}
                  {...{ item, files, height, speeds, limits }}
                  position={index + 1}
                  top={start}
                  onAction={act}
                />
              )
            );
          })}
        </div>
      </div>
    </>
  );
}

/** The list is updated at most ten times a second. */
const FOCUS_MS = 150;

function focusAfter(list: HTMLElement | null): void {
  (list ?? document.getElementById("content"))?.focus();
}

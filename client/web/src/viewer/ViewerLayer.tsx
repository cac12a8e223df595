import { lazy, Suspense } from "react";
import type { UploadList } from "../library/useUploads.ts";
import { useViewer } from "./useViewer.ts";
import { t } from "../messages/t.ts";

const FileViewer = lazy(async () => ({ default: (await import("./FileViewer.tsx")).FileViewer }));

/** The list whose files the viewer shows one after the other. */
export type ViewedList = Pick<UploadList, "variables" | "ids" | "hasMore" | "loadMore">;

/** Shows the file named in the URL, if any, in front of the page with its list. */
export function ViewerLayer({ list }: { readonly list: ViewedList }) {
  const { id, go, close } = useViewer();
  if (id === null) return null;
  return (
    <Suspense
      fallback={<div className="visually-hidden" role="status" aria-label={t("ui.loading")} />}
    >
      <FileViewer id={id} list={list} onGo={go} onClose={close} />
    </Suspense>
  );
}

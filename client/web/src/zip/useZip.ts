import { useApolloClient } from "@apollo/client/react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { formatBytes } from "../format/bytes.ts";
import {
  downloadZip,
  ZipTooLarge,
  type FailedFile,
  type ZipFile,
  type ZipProgress,
} from "./downloadZip.ts";
import { chooseTarget } from "./target.ts";
import { t } from "../messages/t.ts";

export type ZipState =
  | { readonly kind: "running" }
  | { readonly kind: "done"; readonly failed: readonly FailedFile[] }
  | { readonly kind: "problem"; readonly text: string };

/** The progress is shown this often at most. */
const SHOWN_EVERY_MS = 200;

/** Download a ZIP while the component is mounted. Calls `onNone` if the user chooses no file or cancels. */
export function useZip(files: readonly ZipFile[], total: number, onNone: () => void) {
  const client = useApolloClient();
  const [state, setState] = useState<ZipState>({ kind: "running" });
  const [progress, setProgress] = useState<ZipProgress>({ files: 0, bytes: 0 });
  const abort = useRef<AbortController>(undefined);
  /** Returns the files that failed; undefined if the user chose no place. */
  const zip = useEffectEvent(async (signal: AbortSignal) => {
    const target = await chooseTarget(zipName());
    if (target === undefined) return undefined;
    let shownAt = 0;
    function onProgress(progress: ZipProgress) {
      if (Date.now() - shownAt < SHOWN_EVERY_MS) return;
      shownAt = Date.now();
      setProgress(progress);
    }
    return downloadZip(files, { client, target, signal, onProgress });
  });
  const finish = useEffectEvent((failed: readonly FailedFile[] | undefined) => {
    if (failed === undefined) onNone();
    else setState({ kind: "done", failed });
  });
  const fail = useEffectEvent((error: unknown) => {
    if (abort.current?.signal.aborted === true) onNone();
    else setState({ kind: "problem", text: problemOf(error, total) });
  });
  useEffect(() => {
    const controller = new AbortController();
    abort.current = controller;
    zip(controller.signal).then(
      (failed) => finish(failed),
      (error: unknown) => fail(error),
    );
    return () => controller.abort();
  }, []);
  useWarning(state.kind === "running");
  return { state, progress, cancel: () => abort.current?.abort() };
}

/** Ask before the page is closed while it downloads. */
function useWarning(running: boolean): void {
  useEffect(() => {
    if (!running) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [running]);
}

function zipName(): string {
  return t("zip.name", { day: new Date().toLocaleDateString("sv") });
}

function problemOf(error: unknown, total: number): string {
  if (error instanceof ZipTooLarge) {
    return t("zip.tooLarge", { limit: formatBytes(error.maxBytes), total: formatBytes(total) });
  }
  if (error instanceof DOMException && error.name === "QuotaExceededError") {
    return t("zip.noSpace");
  }
  return t("zip.problem");
}

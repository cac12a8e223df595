import type { ReactNode } from "react";
import type { UploadFields } from "../api/uploadFields.ts";
import { rich } from "../messages/rich.ts";
import { t } from "../messages/t.ts";
import { Name } from "../ui/Name.tsx";
import { notify } from "../ui/notices.ts";
import type { OnProgress, Outcome } from "./changes.ts";
import { useTrash } from "./useTrash.ts";

type Named = Pick<UploadFields, "id" | "filename">;
export type Removable = Named & Pick<UploadFields, "status">;

const NOTHING: Outcome = { failed: [], problem: undefined };

/** Whether to ask first: what is not stored cannot be restored. */
export function needsQuestion(uploads: readonly Removable[]): boolean {
  return uploads.some(({ status }) => status !== "STORED");
}

/**
 * Return the function that moves stored files to the trash and deletes all other uploads. Notices
 * say what became of them, and offer to undo the move. Resolves to the ids of those that stayed.
 */
export function useRemoval(): (uploads: readonly Removable[]) => Promise<readonly string[]> {
  const { trash, deleteForGood } = useTrash();
  const restore = useRestoring();
  return async (uploads) => {
    const stored = uploads.filter(({ status }) => status === "STORED");
    const others = uploads.filter(({ status }) => status !== "STORED");
    const [move, deletion] = await Promise.all([
      stored.length > 0 ? trash(idsOf(stored)) : NOTHING,
      others.length > 0 ? deleteForGood(idsOf(others)) : NOTHING,
    ]);
    reportFailures(
      stored,
      move,
      (values) => rich("trash.notMovedOne", values),
      (values) => rich("trash.notMoved", values),
    );
    reportFailures(others, deletion, ...NOT_DELETED);
    const moved = stored.length - move.failed.length;
    const deleted = others.length - deletion.failed.length;
    if (moved > 0) {
      const text = movedText(stored, moved, deleted);
      notify(text, "done", { label: t("ui.undo"), run: () => void restore(stored) });
    } else if (deleted > 0) notify(deletedText(others, deleted));
    return [...move.failed, ...deletion.failed];
  };
}

/** Return the function that takes uploads out of the trash; a notice confirms it. */
export function useRestoring(): (uploads: readonly Named[]) => Promise<void> {
  const { restore } = useTrash();
  return async (uploads) => {
    const outcome = await restore(idsOf(uploads));
    reportFailures(
      uploads,
      outcome,
      (values) => rich("trash.notRestoredOne", values),
      (values) => rich("trash.notRestored", values),
    );
    const restored = uploads.length - outcome.failed.length;
    if (restored === 0) return;
    const name = onlyName(uploads);
    notify(
      name === undefined
        ? t("trash.restored", { count: restored })
        : rich("trash.restoredOne", { name }),
    );
  };
}

function idsOf(uploads: readonly Named[]): string[] {
  return uploads.map(({ id }) => id);
}

/** Return the name if there is a single file: texts say how many others there are. */
function onlyName(uploads: readonly Named[]): ReactNode {
  const [only] = uploads;
  return uploads.length === 1 && only !== undefined ? <Name>{only.filename}</Name> : undefined;
}

function movedText(uploads: readonly Named[], moved: number, others: number): ReactNode {
  const name = onlyName(uploads);
  if (name === undefined) {
    return others === 0
      ? t("trash.moved", { count: moved })
      : t("trash.movedOthers", { count: moved, others });
  }
  return others === 0
    ? rich("trash.movedOne", { name })
    : rich("trash.movedOneOthers", { name, others });
}

function deletedText(uploads: readonly Named[], deleted: number): ReactNode {
  const name = onlyName(uploads);
  return name === undefined ? t("trash.gone", { count: deleted }) : rich("trash.goneOne", { name });
}

type FailureOfOne = (values: { name: ReactNode; problem: string }) => ReactNode;
type FailureOfMany = (values: { failed: number; count: number; problem: string }) => ReactNode;

const NOT_DELETED: readonly [FailureOfOne, FailureOfMany] = [
  (values) => rich("trash.notDeletedOne", values),
  (values) => rich("trash.notDeleted", values),
];

function reportFailures(
  uploads: readonly Named[],
  { failed, problem = "" }: Outcome,
  one: FailureOfOne,
  many: FailureOfMany,
): void {
  if (failed.length === 0) return;
  const name = onlyName(uploads);
  const text =
    name === undefined
      ? many({ failed: failed.length, count: uploads.length, problem })
      : one({ name, problem });
  notify(text, "problem");
}

/** Return the function that deletes files for good; a notice confirms it. */
export function useDeletion(): (
  uploads: readonly Named[],
  onProgress: OnProgress,
) => Promise<void> {
  const { deleteForGood } = useTrash();
  return async (uploads, onProgress) => {
    const outcome = await deleteForGood(idsOf(uploads), onProgress);
    reportFailures(uploads, outcome, ...NOT_DELETED);
    const deleted = uploads.length - outcome.failed.length;
    if (deleted > 0) notify(deletedText(uploads, deleted));
  };
}

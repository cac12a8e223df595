import { useEffect, useRef } from "react";
import { DeleteQuestion } from "./DeleteQuestion.tsx";
import { needsQuestion, useRemoval, type Removable } from "./useRemoval.tsx";

interface DeleteNowProps {
  readonly uploads: readonly Removable[];
  /** Called when the uploads leave the lists, before the service has answered. */
  readonly onDelete: () => void;
  /** Receives the ids of the uploads that return to the lists. */
  readonly onReturn: (ids: readonly string[]) => void;
  /** Called after `onDelete`, and if the user cancels. */
  readonly onDone: () => void;
}

/** Does on mount what `DeleteButton` does on a click. */
export function DeleteNow({ uploads, onDelete, onReturn, onDone }: DeleteNowProps) {
  const remove = useRemoval();
  const asks = needsQuestion(uploads);
  const begun = useRef(false);
  useEffect(() => {
    if (asks || begun.current) return;
    begun.current = true;
    void remove(uploads).then(onReturn);
    onDelete();
    onDone();
  });
  if (!asks) return null;
  return (
    <DeleteQuestion
      uploads={uploads}
      onConfirm={() => {
        void remove(uploads).then(onReturn);
        onDelete();
      }}
      onClose={onDone}
    />
  );
}

import { useApolloClient } from "@apollo/client/react";
import { useEffect, useRef, useState } from "react";
import { DeleteQuestion } from "./DeleteQuestion.tsx";
import { readChosen } from "../library/useChosen.ts";
import { needsQuestion, useRemoval } from "./useRemoval.tsx";

interface DeleteNowProps {
  readonly ids: ReadonlySet<string>;
  /** Called when the uploads leave the lists, before the service has answered. */
  readonly onDelete: () => void;
  /** Receives the ids of the uploads that return to the lists. */
  readonly onReturn: (ids: readonly string[]) => void;
  /** Called after `onDelete`, and if the user cancels. */
  readonly onDone: () => void;
}

/** Does on mount what `DeleteButton` does on a click. */
export function DeleteNow({ ids, onDelete, onReturn, onDone }: DeleteNowProps) {
  const { cache } = useApolloClient();
  // As they were when the user was asked: a file that is stored meanwhile must not go without an answer.
  const [uploads] = useState(() => readChosen(cache, ids));
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

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

/**
 * Deletes uploads as soon as it is rendered: stored files go to the trash at once, and a notice offers to
 * undo that. Other uploads have nothing to restore; for these, the user is asked first.
 */
export function DeleteNow({ ids, onDelete, onReturn, onDone }: DeleteNowProps) {
  const { cache } = useApolloClient();
  // Read once: if a file is stored meanwhile, the question stays.
  const [uploads] = useState(() => readChosen(cache, ids));
  const remove = useRemoval();
  const asks = needsQuestion(uploads);
  const begun = useRef(false);
  function start() {
    // Read again: files that have been stored since go to the trash.
    void remove(readChosen(cache, ids)).then(onReturn);
    onDelete();
  }
  useEffect(() => {
    if (asks || begun.current) return;
    begun.current = true;
    start();
    onDone();
  });
  if (!asks) return null;
  return <DeleteQuestion uploads={uploads} onConfirm={start} onClose={onDone} />;
}

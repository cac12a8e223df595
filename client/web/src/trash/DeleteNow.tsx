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
  // As they are when the user is asked: a file that is stored meanwhile must not go without an answer.
  const [uploads] = useState(() => readChosen(cache, ids));
  const remove = useRemoval();
  const asks = needsQuestion(uploads);
  const begun = useRef(false);
  function start() {
    // As they are now: what is stored goes to the trash.
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

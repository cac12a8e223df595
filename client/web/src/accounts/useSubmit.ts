import { useEffect, useRef, useState, type RefObject, type SubmitEvent } from "react";
import type { Failure } from "./failure.ts";

interface Submission {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly failure: Failure | undefined;
  /**
   * Whether the service is asked. Use `aria-disabled` for the button: a disabled one loses the
   * focus.
   */
  readonly running: boolean;
  readonly onSubmit: (event: SubmitEvent<HTMLFormElement>) => void;
}

/**
 * Submit a form, once at a time. After a failure, the first wrong field has the focus; if no field
 * is wrong, the message of the form has it.
 */
export function useSubmit(
  send: (given: FormData, form: HTMLFormElement) => Promise<Failure | undefined>,
): Submission {
  const form = useRef<HTMLFormElement>(null);
  const [failure, setFailure] = useState<Failure>();
  const [running, setRunning] = useState(false);
  useEffect(() => {
    if (failure === undefined) return;
    form.current?.querySelector<HTMLElement>("[aria-invalid='true'], [tabindex='-1']")?.focus();
  }, [failure]);

  async function submit(submitted: HTMLFormElement) {
    if (running) return;
    setRunning(true);
    setFailure(await send(new FormData(submitted), submitted));
    setRunning(false);
  }
  return {
    ...{ form, failure, running },
    onSubmit: (event) => {
      event.preventDefault();
      void submit(event.currentTarget);
    },
  };
}

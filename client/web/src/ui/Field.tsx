import { useId, type InputHTMLAttributes, type Ref } from "react";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly ref?: Ref<HTMLInputElement>;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly problem?: string | undefined;
}

/** An input with its label and, below it, an error message or a hint. */
export function Field({ label, hint, problem, ...input }: FieldProps) {
  const id = useId();
  const text = problem ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        aria-invalid={problem !== undefined}
        aria-describedby={text === undefined ? undefined : `${id}-text`}
      />
      {text !== undefined && (
        <p
          className={problem === undefined ? "hint" : "problem"}
          id={`${id}-text`}
          role={problem === undefined ? undefined : "alert"}
        >
          {text}
        </p>
      )}
    </div>
  );
}

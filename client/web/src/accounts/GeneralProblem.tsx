import type { Failure } from "./failure.ts";

/**
 * Shows an error that concerns the whole form; field errors are shown beside their fields.
 * It can have the focus.
 */
export function GeneralProblem({ failure }: { readonly failure: Failure | undefined }) {
  if (failure === undefined || Object.keys(failure.fields).length > 0) return null;
  return (
    <p className="problem" role="alert" tabIndex={-1}>
      {failure.message}
    </p>
  );
}

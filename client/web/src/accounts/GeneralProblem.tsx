import type { Failure } from "./failure.ts";

/** What went wrong with a whole form: where a field is wrong, that field says so. */
export function GeneralProblem({ failure }: { readonly failure: Failure | undefined }) {
  if (failure === undefined || Object.keys(failure.fields).length > 0) return null;
  return (
    <p className="problem" role="alert">
      {failure.message}
    </p>
  );
}

import { visibleName } from "../format/names.ts";
import { splitName } from "../format/middle.ts";

/**
 * Shows a filename in one line, shortened in the middle if it is too long, so that its ending stays.
 * Screen readers would read it in two parts: give the name to the element around it.
 */
export function MiddleName({ children }: { readonly children: string }) {
  const [start, end] = splitName(visibleName(children));
  return (
    <bdi className="middle-name" aria-hidden="true">
      {start !== "" && <span>{start}</span>}
      {end !== "" && <span>{end}</span>}
    </bdi>
  );
}

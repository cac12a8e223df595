import { visibleName } from "../format/names.ts";

/**
 * Shows a name that a user chose, such as a file's: with its hidden characters, and isolated, so
 * that its direction does not reorder the text around it.
 */
export function Name({ children }: { readonly children: string }) {
  return <bdi>{visibleName(children)}</bdi>;
}
